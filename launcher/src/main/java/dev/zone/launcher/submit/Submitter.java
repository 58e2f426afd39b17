package dev.zone.launcher.submit;

import com.google.gson.JsonObject;
import dev.zone.conf.CentreSpec.DeployMode;
import dev.zone.conf.PlanSpec;
import dev.zone.conf.RunState;
import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.format.Digests;
import dev.zone.datasets.record.Launches;
import dev.zone.datasets.record.StateLog;
import dev.zone.datasets.storage.Storage;
import dev.zone.launcher.bundle.ApplicationJars;
import dev.zone.launcher.bundle.Distribution;
import dev.zone.launcher.bundle.Sending;
import dev.zone.launcher.bundle.Versions;
import dev.zone.launcher.master.StandaloneMaster;
import dev.zone.launcher.plan.Planned;
import dev.zone.launcher.plan.RunFiles;
import dev.zone.launcher.runs.Json;
import dev.zone.launcher.runs.RunFolder;
import dev.zone.launcher.runs.RunView;
import dev.zone.launcher.zones.Centre;
import dev.zone.launcher.zones.CentreRuns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Hands runs to centres. The order of what it writes is what makes a submission safe against an end
 * at any moment: a run's folder is complete before its key exists, visible before it is handed
 * over, and however often it is handed over one application works on it.
 */
public final class Submitter {
  private final Supplies supplies;
  private final Clusters clusters;
  private final Map<String, String> environment;
  private final Clock clock;

  public Submitter(
      Distribution distribution, Clusters clusters, Map<String, String> environment, Clock clock) {
    this.supplies = new Supplies(distribution, environment);
    this.clusters = clusters;
    this.environment = Map.copyOf(environment);
    this.clock = clock;
  }

  /**
   * What became of a submission.
   *
   * @param created false if an earlier submission with the key made the run
   * @param sentBytes to the storage, the run's own folder apart
   */
  public record Submitted(
      String run, Optional<StateLog.Entry> state, boolean created, long sentBytes, String folder) {}

  /**
   * Submits a plan.
   *
   * @param planned for a centre
   * @param key that makes repetitions of the submission one; empty if each is one of its own
   * @throws ZoneException of the user's if the key was used for another job
   */
  public Submitted submit(Planned planned, Optional<String> key) {
    return submit(planned, key, Optional.empty());
  }

  /**
   * Submits a plan with the jars of a bundle.
   *
   * @param bundled the application's jars; the distribution's if empty
   */
  public Submitted submit(
      Planned planned, Optional<String> key, Optional<List<ApplicationJars.Jar>> bundled) {
    Centre centre = planned.centre().orElseThrow();
    Cluster cluster = clusters.of(centre);
    try (Storage storage = centre.open(environment)) {
      CentreRuns runs = new CentreRuns(storage);
      Optional<String> known = key.flatMap(runs::having).map(run -> runOf(run, planned, key));
      Sending sending = new Sending(storage);
      String id;
      if (known.isPresent()) {
        id = known.get();
      } else {
        requireSparkOf(centre);
        supplies.requireClassPath(centre);
        supplies.requireApplication(centre, planned.plan(), bundled);
        cluster.requireReady(planned.plan());
        PlanSpec placed = Supplies.placed(planned.plan(), sending, storage, centre);
        id = accept(planned.with(placed), key, runs, storage);
      }
      makeVisible(storage, id);
      RunView run = runs.run(id);
      handOver(
          run,
          storage,
          centre,
          cluster,
          () -> supplies.jars(sending, storage, centre, planned.plan(), bundled));
      boolean created = known.isEmpty() && id.equals(planned.plan().run());
      return new Submitted(id, run.states().newest(), created, sending.sentBytes(), run.place());
    } catch (IOException e) {
      throw ZoneException.environment("Cannot close the storage: " + e.getMessage(), e);
    }
  }

  private static String runOf(JsonObject known, Planned planned, Optional<String> key) {
    String run = Json.text(known, "run");
    if (!run.matches(PlanSpec.RUN)) {
      throw ZoneException.environment(
          "Cannot use the record of --id %s: it names no run (expected one that zone submit made)"
              .formatted(key.orElse("")),
          null);
    }
    if (!Json.text(known, "job").equals(jobDigest(planned.plan()))) {
      throw ZoneException.user(
          "Cannot submit with --id %s: it is that of %s, which runs another job or other data (expected the same job, or another id)"
              .formatted(key.orElse(""), run));
    }
    return run;
  }

  private static String jobDigest(PlanSpec plan) {
    return Digests.ofText(plan.job() + "\n" + plan.datasetDigest());
  }

  private void requireSparkOf(Centre centre) {
    if (centre.spec().isStandalone() && centre.spec().deployMode() == DeployMode.CLUSTER) {
      String version = new StandaloneMaster(centre.spec()).version();
      String own = Versions.ofThisBuild().spark();
      if (!Versions.minor(version).equals(Versions.minor(own))) {
        throw new ZoneException(
            ErrorKind.USER,
            "Cannot submit to %s: its master runs Spark %s (expected %s.x)"
                .formatted(centre.title(), version, Versions.minor(own)));
      }
    }
  }

  /**
   * Makes the run's record; if another submission with the key was first, that one's it is.
   *
   * @return the run's id
   */
  private String accept(Planned planned, Optional<String> key, CentreRuns runs, Storage storage) {
    Optional<Path> mounted = planned.centre().orElseThrow().mounted(environment);
    Path here = mounted.map(root -> root.resolve(CentreRuns.RUNS)).orElseGet(Submitter::temporary);
    RunFolder folder = RunFiles.write(planned, here);
    String hidden = CentreRuns.RUNS + "/" + folder.starting().getFileName();
    try {
      new StateLog(Storage.local(folder.starting()))
          .advance(RunState.SUBMITTED, "accepted", clock.instant());
      folder.write("submission.json", submission(planned, key).toString() + "\n");
      if (mounted.isEmpty()) {
        Sending.folder(folder.starting(), storage, hidden);
      }
      if (key.isPresent()) {
        JsonObject run = new JsonObject();
        run.addProperty("run", folder.id());
        run.addProperty("key", key.get());
        run.addProperty("job", jobDigest(planned.plan()));
        if (!runs.give(key.get(), run)) {
          discard(storage, hidden);
          return runOf(runs.having(key.get()).orElseThrow(), planned, key);
        }
      }
    } catch (RuntimeException e) {
      try {
        if (key.flatMap(runs::having).isEmpty()) {
          discard(storage, hidden);
        }
      } catch (ZoneException second) {
        e.addSuppressed(second);
      }
      throw e;
    } finally {
      if (mounted.isEmpty()) {
        folder.discard();
        here.toFile().delete();
      }
    }
    return folder.id();
  }

  private static Path temporary() {
    try {
      return Files.createTempDirectory("zone-submission-");
    } catch (IOException e) {
      throw ZoneException.environment("Cannot make a folder to work in: " + e.getMessage(), e);
    }
  }

  private static void discard(Storage storage, String hidden) {
    try {
      storage.deleteTree(hidden);
    } catch (IOException e) {
      throw ZoneException.environment(
          "Cannot remove %s: %s".formatted(storage.place(hidden), e.getMessage()), e);
    }
  }

  private JsonObject submission(Planned planned, Optional<String> key) {
    JsonObject json = new JsonObject();
    Centre centre = planned.centre().orElseThrow();
    json.addProperty("job", planned.plan().job().name());
    json.addProperty("dataset", planned.plan().dataset().name().toString());
    json.addProperty("workers", planned.plan().workers());
    json.addProperty("zone", centre.zone());
    json.addProperty("centre", centre.name());
    json.addProperty("master", planned.master().url());
    json.addProperty("submitted", clock.instant().toString());
    json.addProperty("by", System.getProperty("user.name", ""));
    key.ifPresent(text -> json.addProperty("key", text));
    return json;
  }

  /** Whoever comes first does it; a launcher may have died just before. */
  private static void makeVisible(Storage storage, String id) {
    String visible = CentreRuns.RUNS + "/" + id;
    try {
      if (!storage.isFolder(visible)) {
        storage.rename(CentreRuns.RUNS + "/" + RunFolder.hidden(id), visible);
      }
    } catch (IOException e) {
      if (!isFolder(storage, visible)) {
        throw ZoneException.environment(
            "Cannot make the run's folder %s: %s (expected a storage that can be written)"
                .formatted(storage.place(visible), e.getMessage()),
            e);
      }
    }
  }

  private static boolean isFolder(Storage storage, String name) {
    try {
      return storage.isFolder(name);
    } catch (IOException e) {
      // What was wrong before is wrong still, and is said.
      return false;
    }
  }

  /** Hands the run over unless that was done; only then its jars are looked at and sent. */
  private void handOver(
      RunView run, Storage storage, Centre centre, Cluster cluster, Supplier<List<String>> jars) {
    Launches launches = run.launches();
    int launch = Math.max(1, launches.newest());
    Optional<StateLog.Entry> state = run.states().newest();
    boolean waits = state.map(entry -> entry.state() == RunState.SUBMITTED).orElse(false);
    if (!waits || launches.handle(launch).isPresent() || launches.claim(launch).isPresent()) {
      return;
    }
    List<String> sent = jars.get();
    launches.begin(launch, begun(Submission.Mode.RUN));
    hand(run, launch, Submission.Mode.RUN, storage, centre, cluster, sent);
  }

  private JsonObject begun(Submission.Mode mode) {
    JsonObject json = new JsonObject();
    json.addProperty("mode", mode.argument());
    json.addProperty("begun", clock.instant().toString());
    json.addProperty("by", System.getProperty("user.name", ""));
    return json;
  }

  private void hand(
      RunView run,
      int launch,
      Submission.Mode mode,
      Storage storage,
      Centre centre,
      Cluster cluster,
      List<String> jars) {
    PlanSpec plan = RunFiles.readPlan(run);
    JsonObject handle =
        cluster.submit(
            new Launch(
                mode,
                run.place(),
                launch,
                plan,
                RunFiles.master(plan),
                centre,
                jars,
                storage.place("cache")));
    if (!run.launches().handedOver(launch, handle)) {
      // Another handed the same launch over at the same time.
      cluster.kill(handle);
      return;
    }
    run.states()
        .newest()
        .filter(entry -> entry.state() == RunState.SUBMITTED)
        .ifPresent(
            entry ->
                run.states()
                    .move(Optional.of(entry), RunState.QUEUED, "handed over", clock.instant()));
  }

  /**
   * Makes sure that nothing of a run is left at work before it goes on.
   *
   * @throws ZoneException of the user's if it goes on or succeeded, of the environment if its
   *     cluster cannot be told to end what may be left of it
   */
  public void requireAtRest(RunView run, Centre centre, RunObserver.Observed observed) {
    RunState state = observed.entry().map(StateLog.Entry::state).orElse(RunState.LOST);
    int launch = run.launches().newest();
    Optional<JsonObject> handle = run.launches().handle(launch);
    boolean neverBegan =
        state == RunState.SUBMITTED && handle.isEmpty() && run.launches().claim(launch).isEmpty();
    if (state == RunState.LOST) {
      handle.ifPresent(known -> clusters.knowing(known, centre).kill(known));
    } else if (!state.isFinal() && !neverBegan) {
      throw ZoneException.user(
          "Cannot resume %s: it is %s (expected a run that ended; zone cancel ends it)"
              .formatted(run.id(), state));
    }
  }

  /**
   * Hands a run that ended without success over again, to go on from its newest checkpoint.
   *
   * @param plan its plan, which is in its folder already
   */
  public Submitted resume(RunView run, Centre centre, PlanSpec plan) {
    Cluster cluster = clusters.of(centre);
    try (Storage storage = centre.open(environment)) {
      Sending sending = new Sending(storage);
      List<String> jars = supplies.jars(sending, storage, centre, plan, Optional.empty());
      int launch = run.launches().newest() + 1;
      if (!run.launches().begin(launch, begun(Submission.Mode.RESUME))) {
        throw ZoneException.user(
            "Cannot resume "
                + run.id()
                + ": somebody else does so at this moment (expected one at a time)");
      }
      if (!run.states().newest().orElseThrow().state().next().contains(RunState.SUBMITTED)) {
        run.states().advance(RunState.LOST, "no application works on it", clock.instant());
      }
      run.states().advance(RunState.SUBMITTED, "going on", clock.instant());
      hand(run, launch, Submission.Mode.RESUME, storage, centre, cluster, jars);
      return new Submitted(
          run.id(), run.states().newest(), false, sending.sentBytes(), run.place());
    } catch (IOException e) {
      throw ZoneException.environment("Cannot close the storage: " + e.getMessage(), e);
    }
  }
}
