package dev.zone.launcher.cli;

import dev.zone.conf.CentreSpec;
import dev.zone.conf.error.Problem;
import dev.zone.conf.error.Problems;
import dev.zone.launcher.bundle.Distribution;
import dev.zone.launcher.kubernetes.ApiServer;
import dev.zone.launcher.plan.PlanRequest;
import dev.zone.launcher.plan.Planner;
import dev.zone.launcher.yarn.ResourceManager;
import dev.zone.launcher.zones.ZoneFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;

/**
 * Reads every shipped job with its dataset's descriptor, and every zone that can be named. The
 * build runs it once to learn which classes a start needs.
 */
@Command(name = "self-check", hidden = true, description = "Checks the shipped job files.")
final class SelfCheckCommand implements Callable<Integer> {
  private final Context context;

  SelfCheckCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    Distribution distribution = context.distribution().get();
    Planner planner = context.planner();
    Problems problems = new Problems();
    List<Path> jobs = jobs(distribution.roots().get(0));
    for (Path job : jobs) {
      planner.check(
          new PlanRequest(
              job, List.of(), List.of(), OptionalInt.empty(), Optional.empty(), Optional.empty()),
          problems);
    }
    ZoneFiles zones = context.zoneFiles();
    for (String name : zones.names()) {
      zones
          .read(name, problems)
          .ifPresent(zone -> zone.value().centres().values().forEach(SelfCheckCommand::open));
    }
    for (Problem problem : problems.list()) {
      context.terminal().err().println("zone: " + problem);
    }
    context.terminal().out().println(jobs.size() + " job files, " + problems.count() + " problems");
    return problems.isEmpty() ? 0 : 2;
  }

  /** What asks a centre's cluster, as every command would that needs it; nothing is sent. */
  private static void open(CentreSpec centre) {
    if (centre.isYarn()) {
      ResourceManager.of(List.of()).close();
    } else if (centre.kubernetes().isPresent()) {
      ApiServer.of(centre).close();
    }
  }

  private static List<Path> jobs(Path root) {
    try (Stream<Path> files = Files.walk(root.resolve("jobs"), 2)) {
      return files
          .filter(file -> file.toString().endsWith(".yaml") && Files.isRegularFile(file))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
