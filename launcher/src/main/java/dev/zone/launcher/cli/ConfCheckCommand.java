package dev.zone.launcher.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.zone.conf.ZoneSpec;
import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.Problem;
import dev.zone.conf.error.Problems;
import dev.zone.conf.error.ZoneException;
import dev.zone.conf.yaml.Bound;
import dev.zone.launcher.submit.GpuTrial;
import dev.zone.launcher.zones.Centre;
import dev.zone.launcher.zones.CentreTrial;
import dev.zone.launcher.zones.ZoneFiles;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Finds every mistake of zone files; on request tries the centres too. */
@Command(name = "check", description = "Finds every mistake of zone files.")
final class ConfCheckCommand implements Callable<Integer> {
  private final Context context;

  @Parameters(paramLabel = "ZONE", arity = "1..*", description = "Zone files, or zones' names.")
  private List<String> zones = new ArrayList<>();

  @Option(
      names = "--connect",
      description = "Tries every centre too: its master, its free places, its storage.")
  private boolean connect;

  @Mixin private OutputOptions output = new OutputOptions();

  ConfCheckCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    Problems wrong = new Problems();
    Problems failing = new Problems();
    Map<String, List<String>> findings = new LinkedHashMap<>();
    ZoneFiles files = context.zoneFiles();
    for (String zone : zones) {
      Optional<Bound<ZoneSpec>> bound = files.read(zone, wrong);
      if (connect && bound.isPresent()) {
        connect(bound.get(), findings, wrong, failing);
      } else if (bound.isPresent()) {
        findings.put(zone, List.of("no mistakes"));
      }
    }
    say(findings, wrong, failing);
    if (!wrong.isEmpty()) {
      return ErrorKind.USER.exitCode();
    }
    return failing.isEmpty() ? 0 : ErrorKind.ENVIRONMENT.exitCode();
  }

  private void connect(
      Bound<ZoneSpec> zone, Map<String, List<String>> findings, Problems wrong, Problems failing) {
    zone.value()
        .centres()
        .forEach(
            (name, spec) -> {
              Problems missing = new Problems();
              ZoneFiles.requireFolders(name, spec, zone.locations(), missing);
              wrong.addAll(missing);
              if (!missing.isEmpty()) {
                return;
              }
              Centre centre = new Centre(zone.value().name(), name, spec);
              findings.put(centre.title(), tried(centre, failing));
            });
  }

  private List<String> tried(Centre centre, Problems failing) {
    Problems own = new Problems();
    List<String> findings =
        new ArrayList<>(new CentreTrial(centre, context.environment(), context.clock()).run(own));
    if (own.isEmpty() && GpuTrial.suits(centre.spec())) {
      try {
        findings.addAll(
            new GpuTrial(
                    centre, context.distribution().get(), context.environment(), context.clusters())
                .run(own));
      } catch (ZoneException e) {
        own.add(centre.title(), e.getMessage());
      }
    }
    failing.addAll(own);
    return findings;
  }

  private void say(Map<String, List<String>> findings, Problems wrong, Problems failing) {
    List<Problem> problems = new ArrayList<>(wrong.list());
    problems.addAll(failing.list());
    problems.forEach(problem -> context.terminal().err().println("zone: " + problem));
    if (output.isJson()) {
      JsonObject json = new JsonObject();
      json.add("problems", texts(problems.stream().map(Problem::toString).toList()));
      JsonObject found = new JsonObject();
      findings.forEach((title, lines) -> found.add(title, texts(lines)));
      json.add("findings", found);
      context.terminal().out().println(json);
      return;
    }
    findings.forEach(
        (title, lines) ->
            lines.forEach(line -> context.terminal().out().println(title + ": " + line)));
  }

  private static JsonArray texts(List<String> lines) {
    JsonArray texts = new JsonArray();
    lines.forEach(texts::add);
    return texts;
  }
}
