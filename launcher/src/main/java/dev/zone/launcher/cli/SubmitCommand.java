package dev.zone.launcher.cli;

import com.google.gson.JsonObject;
import dev.zone.conf.BundleSpec;
import dev.zone.conf.error.ZoneException;
import dev.zone.launcher.bundle.BundleFolder;
import dev.zone.launcher.plan.Planned;
import dev.zone.launcher.plan.Planner;
import dev.zone.launcher.submit.Submitter;
import dev.zone.launcher.submit.Submitter.Submitted;
import dev.zone.launcher.zones.Centre;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Plans a job, hands it to a zone, and returns. */
@Command(
    name = "submit",
    description = {
      "Hands a job to a zone and returns at once with the run's id.",
      "The run goes on whatever becomes of this machine; any machine that reaches the centre's"
          + " storage can follow it."
    })
final class SubmitCommand implements Callable<Integer> {
  private final Context context;
  @Mixin private JobOptions options = new JobOptions();
  @Mixin private ZoneOptions zone = new ZoneOptions();

  @Option(
      names = "--id",
      paramLabel = "KEY",
      description =
          "Makes repetitions one: the same key is one run, however often it is submitted and"
              + " whatever was killed on the way.")
  private Optional<String> key = Optional.empty();

  SubmitCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    Planner planner = options.planner(context);
    Submitter submitter = context.submitter();
    Path job = context.folder().resolve(options.job());
    Submitted submitted;
    Centre centre;
    Planned planned;
    if (BundleFolder.is(job)) {
      BundleFolder folder = new BundleFolder(job);
      BundleSpec bundle = folder.read();
      centre = centreOf(bundle);
      planned = planner.again(job, centre);
      submitted = submitter.submit(planned, key, Optional.of(folder.jars(bundle)));
    } else {
      planned = planner.planFor(options.request(Optional.empty()), zone.targets(context));
      centre = planned.centre().orElseThrow();
      submitted = submitter.submit(planned, key);
    }
    if (submitted.created()) {
      new RegistryUser(context)
          .logTraining(planned.plan(), options.registry(context), submitted.run());
    }
    say(context, submitted, centre, zone, options.isJson());
    return 0;
  }

  private Centre centreOf(BundleSpec bundle) {
    List<Centre> centres = zone.centres(context);
    return centres.stream()
        .filter(centre -> centre.title().equals(bundle.centre()))
        .findFirst()
        .orElseThrow(
            () ->
                ZoneException.user(
                    "Cannot submit the bundle to %s: it was packaged for %s (expected that centre, or a bundle for this one)"
                        .formatted(
                            String.join(", ", centres.stream().map(Centre::title).toList()),
                            bundle.centre())));
  }

  static void say(
      Context context, Submitted submitted, Centre centre, ZoneOptions zone, boolean asJson) {
    Terminal terminal = context.terminal();
    String state = submitted.state().map(entry -> entry.state().name()).orElse("UNKNOWN");
    if (asJson) {
      JsonObject json = new JsonObject();
      json.addProperty("run", submitted.run());
      json.addProperty("state", state);
      json.addProperty("created", submitted.created());
      json.addProperty("zone", centre.zone());
      json.addProperty("centre", centre.name());
      json.addProperty("dir", submitted.folder());
      json.addProperty("sentBytes", submitted.sentBytes());
      terminal.out().println(json);
      return;
    }
    terminal.out().println(submitted.run());
    terminal
        .err()
        .printf(
            "zone: %s at %s%s; follow it with: zone logs -f %s%s%n",
            state,
            centre.title(),
            submitted.sentBytes() == 0 ? "" : ", " + Amounts.bytes(submitted.sentBytes()) + " sent",
            submitted.run(),
            zone.typed());
  }
}
