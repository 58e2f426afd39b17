package dev.zone.jobs.spark;

import dev.zone.conf.JobSpec;
import dev.zone.conf.PlanSpec;
import dev.zone.conf.TrainingSpec.CheckpointSpec;
import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.PreparedManifest;
import dev.zone.datasets.format.Digests;
import dev.zone.datasets.storage.Storage;
import dev.zone.jobs.checkpoint.Checkpoint;
import dev.zone.jobs.checkpoint.Checkpoints;
import dev.zone.jobs.model.NetworkConfiguration;
import dev.zone.jobs.run.RunFolder;
import dev.zone.jobs.update.EngineChoice;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/** Where a run's checkpoints are, for driver and ranks alike. */
final class RunCheckpoints implements AutoCloseable {
  /** How every rank's draws follow from the seed; another way of drawing gets another name. */
  /** How a training writes itself that trains as all did before there was a choice. */
  private static final String AS_BEFORE = ", precision=FLOAT32";

  private static final String DRAWS = "splitmix64: seed, fold, epoch, step, rank, example; v1";

  /**
   * @param name by which ranks find it
   */
  record Found(String name, Checkpoint.Position position) {}

  private final RunFolder folder;
  private final PlanSpec plan;
  private final Storage storage;
  private final Checkpoints checkpoints;
  private boolean workersTold;

  /** To be called where Spark runs, whose properties for Hadoop count. */
  RunCheckpoints(RunFolder folder, PlanSpec plan) {
    this.folder = folder;
    this.plan = plan;
    this.storage =
        plan.job()
            .training()
            .checkpoint()
            .folder()
            .map(root -> Storage.of(uri(root + "/" + plan.run()), WorkFolders.hadoopProperties()))
            .orElseGet(() -> folder.storage().below("checkpoints"));
    this.checkpoints = new Checkpoints(storage, plan.job().training().checkpoint().keep());
  }

  private static URI uri(String text) {
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      throw ZoneException.user(
          "Cannot use training.checkpoint.folder: " + text + " (" + e.getReason() + ")");
    }
  }

  Checkpoints checkpoints() {
    return checkpoints;
  }

  /**
   * The newest whose every byte is right, written by a training of the same arithmetic; says which
   * newer ones cannot be used, and, the first time, if other workers wrote it.
   *
   * @throws ZoneException of the user's if it is one of another training
   */
  Optional<Found> newest(
      NetworkConfiguration network, PreparedManifest manifest, EngineChoice.Engine engine) {
    Checkpoints.Newest newest = checkpoints.newestUsable(longest(network));
    newest
        .passedOver()
        .forEach(
            message -> folder.event("checkpoint trouble", message + ": the one before is used"));
    newest.usable().ifPresent(usable -> check(usable.origin(), origin(manifest, engine)));
    return newest.usable().map(usable -> new Found(usable.name(), usable.position()));
  }

  /**
   * @param name of a {@link Found}
   */
  Checkpoint read(String name, NetworkConfiguration network) {
    return checkpoints.read(name, longest(network));
  }

  private static int longest(NetworkConfiguration network) {
    return Math.toIntExact(Math.max(network.parameters(), network.size().updaterState()));
  }

  /** What this training's checkpoints say of where they come from. */
  Checkpoint.Origin origin(PreparedManifest manifest, EngineChoice.Engine engine) {
    // The two draw dropout in ways of their own.
    String draws = engine == EngineChoice.Engine.DL4J ? DRAWS : DRAWS + " " + engine.title();
    return new Checkpoint.Origin(
        key(plan.job(), manifest), plan.workers(), plan.job().training().seed(), draws);
  }

  private void check(Checkpoint.Origin origin, Checkpoint.Origin own) {
    if (origin.equals(Checkpoint.Origin.UNKNOWN)) {
      return;
    }
    if (!origin.key().equals(own.key()) || !origin.draws().equals(own.draws())) {
      throw new ZoneException(
          ErrorKind.USER,
          "Cannot go on from the checkpoints: "
              + storage.place("")
              + " (expected ones of the same data, model, training, engine and version of Zone)");
    }
    if (origin.workers() != own.workers() && !workersTold) {
      workersTold = true;
      folder.event(
          "note",
          "goes on with %d worker%s instead of %d: the model will not be the same to the bit"
              .formatted(own.workers(), own.workers() == 1 ? "" : "s", origin.workers()));
    }
  }

  /**
   * All that decides the arithmetic but for the number of workers; how its state is saved does not.
   */
  private static String key(JobSpec job, PreparedManifest manifest) {
    CheckpointSpec any =
        new CheckpointSpec(Optional.empty(), Optional.empty(), 1, Optional.empty());
    return Digests.ofText(
        String.join(
            "\n",
            manifest.key(),
            job.task().toString(),
            job.augmentation().toString(),
            job.model().toString(),
            job.training().withCheckpoint(any).toString().replace(AS_BEFORE, "")));
  }

  @Override
  public void close() {
    try {
      storage.close();
    } catch (IOException e) {
      throw ZoneException.environment("Cannot close: " + storage.place(""), e);
    }
  }
}
