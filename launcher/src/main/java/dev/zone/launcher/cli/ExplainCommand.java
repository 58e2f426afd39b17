package dev.zone.launcher.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.zone.conf.Footprint;
import dev.zone.conf.PlanSpec;
import dev.zone.conf.RunState;
import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.ZoneException;
import dev.zone.launcher.cli.RunPlaces.Found;
import dev.zone.launcher.kubernetes.ApiServer.PodState;
import dev.zone.launcher.master.StandaloneMaster;
import dev.zone.launcher.master.StandaloneMaster.Holder;
import dev.zone.launcher.master.StandaloneMaster.Places;
import dev.zone.launcher.plan.RunFiles;
import dev.zone.launcher.runs.RunView;
import dev.zone.launcher.submit.KubernetesCluster;
import dev.zone.launcher.submit.RunObserver.Observed;
import dev.zone.launcher.yarn.ResourceManager;
import dev.zone.launcher.yarn.ResourceManager.Amount;
import dev.zone.launcher.yarn.ResourceManager.Application;
import dev.zone.launcher.zones.Centre;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Says why a run waits, or why it ended as it did. */
@Command(
    name = "explain",
    description = "Says why a run waits, or why it failed and what to do about it.")
final class ExplainCommand implements Callable<Integer> {
  private static final int TAIL_BYTES = 64 << 10;

  private final Context context;
  @Mixin private RunOptions options = new RunOptions();

  ExplainCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    try (RunPlaces places = options.places(context)) {
      Found run = places.require(options.run());
      Observed observed = places.observe(run);
      List<String> lines = new ArrayList<>();
      String message =
          observed
              .entry()
              .map(entry -> entry.message().lines().findFirst().orElse(""))
              .filter(text -> !text.isBlank() && !observed.is(RunState.FAILED))
              .map(text -> ": " + text)
              .orElse("");
      lines.add(
          run.id()
              + " is "
              + observed.entry().map(entry -> entry.state().name()).orElse("not begun")
              + message);
      if (!observed.words().isEmpty()
          && !message.endsWith(observed.words())
          && !observed.is(RunState.FAILED)) {
        lines.add(observed.words());
      }
      explain(run, observed, lines);
      if (options.isJson()) {
        JsonObject json = RunStatus.of(run, observed);
        JsonArray why = new JsonArray();
        lines.forEach(why::add);
        json.add("why", why);
        context.terminal().out().println(json);
      } else {
        lines.forEach(context.terminal().out()::println);
      }
      return 0;
    }
  }

  private void explain(Found run, Observed observed, List<String> lines) {
    if (observed.entry().isEmpty()) {
      return;
    }
    switch (observed.entry().get().state()) {
      case SUBMITTED, QUEUED, STARTING, WAITING -> waiting(run, observed, lines);
      case FAILED -> failed(run, lines);
      case LOST -> lines.add("what to do: " + resume(run) + ", which ends what may be left of it");
      case CANCELLED -> lines.add("what to do: " + resume(run) + " goes on from its checkpoint");
      default ->
          RunStatus.of(run, observed).entrySet().stream()
              .filter(entry -> entry.getKey().equals("progress"))
              .forEach(entry -> lines.add(RunStatus.words(entry.getValue().getAsJsonObject())));
    }
  }

  private String resume(Found run) {
    return "zone resume " + run.id() + options.zone().typed();
  }

  private void failed(Found run, List<String> lines) {
    Optional<JsonObject> error = RunStatus.error(run.view());
    error.ifPresent(
        told ->
            told.get("message")
                .getAsString()
                .lines()
                .forEach(line -> lines.add("first cause: " + line)));
    attempts(run.view(), lines);
    boolean retryable =
        error
            .map(told -> told.get("kind").getAsString())
            .map(
                kind ->
                    kind.equals(ErrorKind.ENVIRONMENT.name())
                        || kind.equals(ErrorKind.RESOURCES.name()))
            .orElse(true);
    lines.add(
        retryable
            ? "what to do: " + resume(run) + " goes on from its newest checkpoint"
            : "what to do: mend the input and submit it again; a retry would fail alike");
    lines.add("more: zone logs " + run.id() + options.zone().typed());
  }

  private static void attempts(RunView run, List<String> lines) {
    for (JsonObject one : run.tail("attempts.jsonl", TAIL_BYTES).objects()) {
      if (one.has("attempt") && one.has("outcome")) {
        lines.add(
            "attempt %s: %s%s"
                .formatted(
                    one.get("attempt").getAsString(),
                    one.get("outcome").getAsString(),
                    one.has("cause") ? ", " + one.get("cause").getAsString() : ""));
      }
    }
  }

  private void waiting(Found run, Observed observed, List<String> lines) {
    Optional<Centre> centre = run.centre();
    if (centre.isEmpty() || centre.get().spec().isLocal()) {
      return;
    }
    PlanSpec plan = RunFiles.readPlan(run.view());
    boolean driver = !observed.is(RunState.WAITING);
    Footprint each =
        driver
            ? Footprint.ofDriver(0, plan.backend())
            : Footprint.ofWorker(plan.job().resources().perWorker(), plan.backend());
    String wanted =
        "needed: %d %s of %d %s and %d MiB"
            .formatted(
                driver ? 1 : plan.workers(),
                driver ? "driver" : plan.workers() == 1 ? "worker" : "workers",
                each.cores(),
                each.cores() == 1 ? "core" : "cores",
                centre.get().spec().isStandalone()
                    ? each.heap().mebibytes()
                    : each.memory().mebibytes());
    try {
      if (centre.get().spec().isKubernetes()) {
        kubernetes(centre.get(), run, each, wanted, lines);
      } else if (centre.get().spec().isYarn()) {
        yarn(centre.get(), each, wanted, lines);
      } else {
        standalone(centre.get(), each, wanted, lines);
      }
    } catch (ZoneException e) {
      lines.add(e.getMessage());
    }
  }

  private static void standalone(Centre centre, Footprint each, String wanted, List<String> lines) {
    Places places = new StandaloneMaster(centre.spec()).places();
    lines.add(
        "%s of heap%s; %d such places are free (%d of %d cores%s)"
            .formatted(
                wanted,
                each.gpus() == 0 ? "" : " with a GPU",
                places.slots(each.cores(), each.heap(), each.gpus()),
                places.freeCores(),
                places.cores(),
                each.gpus() == 0
                    ? ""
                    : ", %d of %d GPUs".formatted(places.freeGpus(), places.gpus())));
    for (Holder holder : places.holders()) {
      lines.add(
          "held: %d cores by the %s %s (%s, %s)"
              .formatted(
                  holder.cores(), holder.kind(), holder.name(), holder.id(), holder.state()));
    }
  }

  /** What each pod waits for; whose pods hold the nodes is not everybody's to see. */
  private static void kubernetes(
      Centre centre, Found run, Footprint each, String wanted, List<String> lines) {
    lines.add(wanted + (each.gpus() == 0 ? "" : " with a GPU"));
    int launch = run.view().launches().newest();
    for (PodState pod : KubernetesCluster.workers(centre, run.id(), launch)) {
      lines.add("worker: " + pod.words());
    }
  }

  private static void yarn(Centre centre, Footprint each, String wanted, List<String> lines) {
    try (ResourceManager yarn = ResourceManager.of(centre.hadoopFiles())) {
      Amount amount = new Amount(each.memory(), each.cores(), each.gpus());
      lines.add(
          "%s%s; %d such places are free on YARN's machines"
              .formatted(
                  wanted,
                  each.gpus() == 0 ? "" : " with a GPU",
                  yarn.nodes().stream().mapToInt(node -> node.places(amount)).sum()));
      for (Application held : yarn.present()) {
        lines.add(
            "held: %d cores and %d MiB by %s (%s, %s in queue %s)"
                .formatted(
                    held.held().cores(),
                    held.held().memory().mebibytes(),
                    held.name(),
                    held.id(),
                    held.state(),
                    held.queue()));
      }
    }
  }
}
