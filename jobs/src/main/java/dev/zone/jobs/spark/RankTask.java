package dev.zone.jobs.spark;

import dev.zone.conf.PlanSpec;
import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.PreparedManifest.Input;
import dev.zone.datasets.prepare.PreparedData;
import dev.zone.datasets.transform.Augmentation;
import dev.zone.jobs.checkpoint.Checkpoint;
import dev.zone.jobs.checkpoint.Checkpoints;
import dev.zone.jobs.collective.Collective;
import dev.zone.jobs.collective.CollectiveException;
import dev.zone.jobs.run.MetricsFile;
import dev.zone.jobs.run.RunFolder;
import dev.zone.jobs.training.Augmenter;
import dev.zone.jobs.training.Job;
import dev.zone.jobs.training.RankTraining;
import dev.zone.jobs.training.TrainingListener;
import dev.zone.jobs.training.TrainingResult;
import dev.zone.jobs.update.Dl4jTraining;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.apache.spark.BarrierTaskContext;

/** One rank: a task of the barrier stage. */
final class RankTask {
  private final RankPayload payload;
  private final PlanSpec plan;
  private final RunFolder folder;

  RankTask(RankPayload payload) {
    this.payload = payload;
    this.plan = Plans.parse(payload.planYaml());
    this.folder = new RunFolder(Path.of(payload.runFolder()));
  }

  RankOutcome run(BarrierTaskContext context) {
    int rank = context.partitionId();
    Duration deadline = Duration.ofSeconds(payload.deadlineSeconds());
    try (Collective collective = Rendezvous.meet(context, plan.run(), payload.secret(), deadline)) {
      List<TrainingResult> results = new ArrayList<>();
      boolean cancelled = false;
      for (int i = 0; i < payload.fits().size() && !cancelled; i++) {
        TrainingResult result = train(collective, i, context.stageAttemptNumber());
        results.add(result);
        cancelled = result.cancelled();
      }
      return RankOutcome.done(rank, results);
    } catch (ZoneException e) {
      return RankOutcome.failed(
          rank, e.kind(), e.getMessage(), trace(e), e instanceof CollectiveException);
    } catch (OutOfMemoryError e) {
      return RankOutcome.failed(
          rank,
          ErrorKind.RESOURCES,
          "Cannot train: rank "
              + rank
              + " is out of memory: "
              + e.getMessage()
              + " (expected resources.perWorker.memory"
              + " above "
              + plan.job().resources().perWorker().memory()
              + " or a smaller training.batchSize)",
          trace(e),
          false);
    } catch (RuntimeException | LinkageError e) {
      return RankOutcome.failed(
          rank,
          ErrorKind.INTERNAL,
          "Cannot train: rank " + rank + " failed: " + e,
          trace(e),
          false);
    }
  }

  private TrainingResult train(Collective collective, int index, int attempt) {
    RankPayload.Fit fit = payload.fits().get(index);
    boolean only = payload.fits().size() == 1;
    boolean first = collective.rank() == 0;
    PreparedData data = PreparedData.open(Path.of(fit.prepared()));
    try (Dl4jTraining network = Dl4jTraining.create(fit.network(), Optional.empty())) {
      Job job =
          new Job(
              plan.job().task(),
              plan.job().training(),
              data.manifest(),
              split -> data.examples(split).orElseThrow(),
              index + 1);
      Checkpoints checkpoints = checkpoints();
      TrainingListener listener = first ? new MetricsFile(folder) : new TrainingListener() {};
      BooleanSupplier cancel = first ? new CancelRequest(folder) : () -> false;
      RankTraining training =
          new RankTraining(
              job,
              collective,
              network.engine(),
              network.update(),
              new RankTraining.Surroundings(
                  augmenters(data.manifest().inputs()),
                  // A fold of a cross-validation is cheap to repeat; a training that is the run is
                  // not.
                  only ? Optional.of(checkpoints) : Optional.empty(),
                  listener,
                  cancel));
      if (only && attempt > 0) {
        newest(checkpoints).ifPresent(training::restore);
      }
      return training.run();
    }
  }

  private Checkpoints checkpoints() {
    return new Checkpoints(
        folder.resolve("checkpoints"), plan.job().training().checkpoint().keep());
  }

  private static Optional<Checkpoint> newest(Checkpoints checkpoints) {
    List<Path> all = checkpoints.list();
    return all.isEmpty() ? Optional.empty() : Optional.of(Checkpoints.read(all.get(0)));
  }

  private List<Augmenter> augmenters(List<Input> inputs) {
    List<dev.zone.conf.AugmentationSpec> specs = plan.job().augmentation();
    if (specs.isEmpty()) {
      return List.of();
    }
    List<Augmenter> augmenters = new ArrayList<>();
    for (Input input : inputs) {
      List<dev.zone.conf.AugmentationSpec> suitable =
          specs.stream().filter(spec -> Augmentation.suits(spec, input.shape())).toList();
      Augmentation augmentation = new Augmentation(suitable, input.shape());
      augmenters.add(suitable.isEmpty() ? (example, seed) -> {} : augmentation::apply);
    }
    return augmenters;
  }

  private static String trace(Throwable failure) {
    StringWriter text = new StringWriter();
    failure.printStackTrace(new PrintWriter(text, true));
    return text.toString();
  }
}
