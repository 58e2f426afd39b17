package dev.zone.jobs.spark;

import dev.zone.conf.CpuFeatures;
import dev.zone.conf.DataSize;
import dev.zone.conf.PlanSpec;
import dev.zone.conf.SplitSpec.Split;
import dev.zone.conf.TrainingSpec.BatchStatistics;
import dev.zone.conf.WorkerFlags;
import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.prepare.PreparedData;
import dev.zone.jobs.checkpoint.Checkpoint;
import dev.zone.jobs.collective.Collective;
import dev.zone.jobs.collective.CollectiveException;
import dev.zone.jobs.engine.Sums;
import dev.zone.jobs.run.AttemptFiles;
import dev.zone.jobs.run.MetricsFile;
import dev.zone.jobs.run.RunFolder;
import dev.zone.jobs.spark.RankOutcome.RankFailure;
import dev.zone.jobs.training.Augmenter;
import dev.zone.jobs.training.Job;
import dev.zone.jobs.training.RankTraining;
import dev.zone.jobs.training.TrainingListener;
import dev.zone.jobs.training.TrainingResult;
import dev.zone.jobs.update.Dl4jTraining;
import dev.zone.jobs.update.EngineChoice;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.resource.ResourceInformation;

/** One rank: a task of the barrier stage. */
final class RankTask {
  private final RankPayload payload;
  private final PlanSpec plan;
  private final RunFolder folder;

  /** The ranks meet after the networks are made. */
  private Optional<Collective> met = Optional.empty();

  /** Where the training goes on from; let go of once it does. */
  private Optional<Checkpoint> from = Optional.empty();

  private Optional<RankTraining> running = Optional.empty();

  RankTask(RankPayload payload) {
    this.payload = payload;
    this.plan = Plans.parse(payload.planYaml());
    this.folder = WorkFolders.ofWorker(payload.runFolder(), RecordPlugin::send);
  }

  RankOutcome run(BarrierTaskContext context) {
    int rank = context.partitionId();
    // What takes long and not equally long comes before the ranks meet and the deadline counts.
    try (RunCheckpoints checkpoints = new RunCheckpoints(folder, plan);
        Fitting first = openFirst(context, checkpoints);
        Collective collective =
            Rendezvous.meet(context, plan, payload.attempt(), payload.secret())) {
      met = Optional.of(collective);
      List<TrainingResult> results =
          new ArrayList<>(List.of(train(collective, 0, first, checkpoints)));
      for (int i = 1; i < payload.fits().size() && !results.get(i - 1).cancelled(); i++) {
        try (Fitting next = open(i, checkpoints)) {
          results.add(train(collective, i, next, checkpoints));
        }
      }
      return RankOutcome.done(rank, results);
    } catch (ZoneException e) {
      return context.isInterrupted()
          ? toldToEnd(rank, e)
          : failed(rank, e.kind(), Causes.of(e), e.getMessage(), e);
    } catch (OutOfMemoryError e) {
      return outOfMemory(rank, e);
    } catch (RuntimeException | LinkageError e) {
      if (context.isInterrupted()) {
        return toldToEnd(rank, e);
      }
      Optional<OutOfMemoryError> memory = Causes.memory(e);
      if (memory.isPresent()) {
        return outOfMemory(rank, memory.get());
      }
      String message = "Cannot train: rank " + rank + " failed: " + e;
      return failed(rank, ErrorKind.INTERNAL, "a fault", message, e);
    }
  }

  private RankOutcome outOfMemory(int rank, OutOfMemoryError failure) {
    String message =
        String.format(
            "Cannot train: rank %d is out of memory: %s (expected resources.perWorker.memory above %s or a smaller"
                + " training.batchSize)",
            rank, failure.getMessage(), plan.job().resources().perWorker().memory());
    return failed(
        rank, ErrorKind.RESOURCES, "rank " + rank + " is out of memory", message, failure);
  }

  /** Spark ends the stage because of another rank; whatever that breaks here is not the cause. */
  private RankOutcome toldToEnd(int rank, Throwable failure) {
    return failed(
        rank,
        new CollectiveException(
            CollectiveException.Reason.INTERRUPTED,
            "Cannot go on training: rank " + rank + " was told to end"),
        failure);
  }

  private RankOutcome failed(int rank, CollectiveException told, Throwable failure) {
    told.addSuppressed(failure);
    return failed(rank, told.kind(), Causes.of(told), told.getMessage(), told);
  }

  private RankOutcome failed(
      int rank, ErrorKind kind, String cause, String message, Throwable failure) {
    OptionalInt awaited =
        failure instanceof CollectiveException told ? told.awaitedRank() : OptionalInt.empty();
    RankFailure told =
        new RankFailure(
            kind,
            cause,
            message,
            RankOutcome.trace(failure),
            running.map(RankTraining::step).orElse(AttemptFailure.UNKNOWN_STEP),
            failure instanceof CollectiveException,
            awaited.orElse(RankFailure.NOBODY),
            SparkEnv.get().executorId(),
            failure instanceof OutOfMemoryError);
    try {
      RankFailures.write(new AttemptFiles(folder), payload.attempt(), rank, told);
    } catch (ZoneException e) {
      // Spark brings it too, unless it has ended the stage; a full disk must not hide the failure.
      failure.addSuppressed(e);
    }
    return RankOutcome.failed(rank, told);
  }

  /** A fit's data and network. */
  private record Fitting(PreparedData data, Dl4jTraining network) implements AutoCloseable {
    @Override
    public void close() {
      network.close();
    }
  }

  private Fitting openFirst(BarrierTaskContext context, RunCheckpoints checkpoints) {
    int rank = context.partitionId();
    ResourceInformation gpus = context.resourcesJMap().get("gpu");
    WorkerFlags.requireRunnable(plan.backend(), CpuFeatures.detect());
    WorkerDevice device =
        WorkerDevice.prepare(
            plan, rank, gpus == null ? List.of() : List.of(gpus.addresses()), this::memory);
    device.instead().ifPresent(why -> folder.event("note", why));
    SparkEnv spark = SparkEnv.get();
    String host = spark.blockManager().blockManagerId().host();
    new AttemptFiles(folder)
        .writePlace(payload.attempt(), rank, host, spark.executorId(), device.name());
    return open(0, checkpoints);
  }

  /** What the training takes of a device. */
  private DataSize memory() {
    RankPayload.Fit fit = payload.fits().get(0);
    PreparedData data = PreparedData.open(SharedFolders.local(fit.prepared()));
    int train = data.manifest().counts().getOrDefault(Split.TRAIN, 0);
    return new DataSize(Fits.memoryPerWorker(plan, train, fit.network(), fit.engine()));
  }

  private Fitting open(int index, RunCheckpoints checkpoints) {
    RankPayload.Fit fit = payload.fits().get(index);
    from = payload.checkpoint().map(name -> checkpoints.read(name, fit.network()));
    return new Fitting(
        PreparedData.open(SharedFolders.local(fit.prepared())),
        Dl4jTraining.create(
            fit.network(),
            Optional.empty(),
            statistics(),
            new Dl4jTraining.How(fit.engine(), plan.job().training().precision())));
  }

  private TrainingResult train(
      Collective collective, int index, Fitting fitting, RunCheckpoints checkpoints) {
    boolean first = collective.rank() == 0;
    PreparedData data = fitting.data();
    Job job =
        new Job(
            plan.job().task(),
            plan.job().training(),
            data.manifest(),
            split -> data.examples(split).orElseThrow(),
            index + 1);
    TrainingListener listener = first ? new MetricsFile(folder) : new TrainingListener() {};
    BooleanSupplier cancel = first ? new CancelRequest(folder) : () -> false;
    // A fold of a cross-validation is cheap to repeat; a training that is the run is not.
    boolean only = payload.fits().size() == 1;
    RankTraining training =
        new RankTraining(
            job,
            collective,
            fitting.network().engine(),
            fitting.network().update(),
            new RankTraining.Surroundings(
                Augmenter.of(plan.job().augmentation(), data.manifest().inputs()),
                only
                    ? Optional.of(saving(data, checkpoints, payload.fits().get(index).engine()))
                    : Optional.empty(),
                listener,
                cancel));
    if (first) {
      collective.onWait((ranks, soFar) -> listener.event("waiting", waiting(ranks, soFar)));
    }
    from.ifPresent(training::restore);
    from = Optional.empty();
    running = Optional.of(training);
    return training.run();
  }

  /** In a ring of more than two the one that is waited for may itself wait for the culprit. */
  private String waiting(List<Integer> ranks, Duration soFar) {
    String names = String.join(", ", ranks.stream().map(rank -> "rank " + rank).toList());
    return "rank 0 has waited "
        + soFar.toSeconds()
        + " s for "
        + names
        + (plan.workers() > 2 ? ", which may wait for another itself" : "");
  }

  /** What batch normalisation is to add over all ranks; empty if each rank's own will do. */
  private Optional<Sums> statistics() {
    return plan.job().training().batchStatistics() == BatchStatistics.GLOBAL
        ? Optional.of(values -> met.orElseThrow().allReduce(values))
        : Optional.empty();
  }

  private RankTraining.Saving saving(
      PreparedData data, RunCheckpoints checkpoints, EngineChoice.Engine engine) {
    return new RankTraining.Saving(
        checkpoints.checkpoints(),
        checkpoints.origin(data.manifest(), engine),
        data.transforms().toString());
  }
}
