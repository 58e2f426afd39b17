package dev.zone.jobs.spark;

import dev.zone.conf.EvaluationSpec.CrossValidationSpec;
import dev.zone.conf.JobSpec;
import dev.zone.conf.PlanSpec;
import dev.zone.conf.SplitSpec.Split;
import dev.zone.conf.TaskSpec;
import dev.zone.conf.ThresholdSpec;
import dev.zone.conf.TrainingSpec;
import dev.zone.conf.error.Problems;
import dev.zone.datasets.PreparedManifest;
import dev.zone.datasets.prepare.Portion;
import dev.zone.datasets.prepare.PreparationRequest;
import dev.zone.datasets.prepare.PreparedData;
import dev.zone.datasets.prepare.Preparer;
import dev.zone.datasets.transform.Augmentation;
import dev.zone.jobs.engine.onednn.OneDnnEngine;
import dev.zone.jobs.model.ModelFactory;
import dev.zone.jobs.model.ModelRequest;
import dev.zone.jobs.model.NetworkConfiguration;
import dev.zone.jobs.training.Job;
import dev.zone.jobs.update.EngineChoice;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Prepares the data of all trainings of a run and makes a network for each; finds everything wrong
 * before any begins.
 */
final class Fits {
  /** One training: its data, and the network for them. */
  record Fit(PreparedData data, NetworkConfiguration network, EngineChoice engine) {
    PreparedManifest manifest() {
      return data.manifest();
    }
  }

  /** What Spark, the JVM and batches take of the heap. */
  private static final long OTHER_HEAP = 160L << 20;

  /** Floats of 2 GiB. */
  private static final long MOST_PREDICTED = (1L << 29) - 1;

  private final List<Fit> fits = new ArrayList<>();

  /** Folds first; the last is the model that is kept. */
  List<Fit> list() {
    return fits;
  }

  Fit kept() {
    return fits.get(fits.size() - 1);
  }

  /**
   * @param modelFiles folder of the run's model file
   * @throws dev.zone.conf.error.InvalidInputException with all problems
   */
  static Fits prepare(PlanSpec plan, Path modelFiles) {
    Problems problems = new Problems();
    Fits fits = new Fits();
    // Keeps the table it read for the next fold; gone before training needs the memory.
    Preparer preparer = new Preparer();
    Optional<StartingPoint> start = StartingPoint.of(plan, modelFiles);
    for (Portion portion : portions(plan.job())) {
      fits.add(plan, preparer, portion, modelFiles, start, problems);
      problems.throwIfAny();
    }
    return fits;
  }

  private static List<Portion> portions(JobSpec job) {
    Optional<CrossValidationSpec> crossValidation = job.evaluation().crossValidation();
    if (crossValidation.isEmpty()) {
      return List.of(new Portion.Declared());
    }
    List<Portion> portions = new ArrayList<>();
    int folds = crossValidation.get().folds();
    for (int fold = 1; fold <= folds; fold++) {
      portions.add(new Portion.Fold(fold, folds));
    }
    portions.add(new Portion.Everything());
    return portions;
  }

  private void add(
      PlanSpec plan,
      Preparer preparer,
      Portion portion,
      Path modelFiles,
      Optional<StartingPoint> start,
      Problems problems) {
    Optional<PreparedData> data =
        preparer.prepare(
            new PreparationRequest(
                plan.job(),
                plan.dataset(),
                plan.dataRoot().map(Path::of),
                cache(),
                portion,
                Optional.of(plan.datasetDigest())),
            problems);
    if (data.isEmpty()) {
      return;
    }
    PreparedManifest manifest = data.get().manifest();
    check(plan, manifest, problems);
    int train = manifest.counts().getOrDefault(Split.TRAIN, 0);
    Optional<NetworkConfiguration> network =
        train == 0
            ? Optional.empty()
            : ModelFactory.create(
                new ModelRequest(
                    plan.job().model(),
                    plan.job().task(),
                    plan.job().training(),
                    manifest.inputs(),
                    Job.outputs(plan.job().task(), manifest),
                    manifest.targetSteps(),
                    Job.batchesPerEpoch(train, plan.job().training().batchSize()),
                    modelFiles),
                problems);
    if (network.isPresent() && start.isPresent()) {
      network = start.get().start(network.get(), data.get().transforms(), problems);
    }
    if (network.isPresent() && problems.isEmpty()) {
      EngineChoice engine = engine(plan, manifest, network.get(), problems);
      checkMemory(plan, train, network.get(), engine.engine(), problems);
      fits.add(new Fit(data.get(), network.get(), engine));
    }
  }

  private static EngineChoice engine(
      PlanSpec plan, PreparedManifest manifest, NetworkConfiguration network, Problems problems) {
    boolean masked = manifest.inputs().stream().anyMatch(PreparedManifest.Input::masked);
    EngineChoice choice =
        EngineChoice.of(
            network,
            new EngineChoice.Circumstances(plan.job().training(), masked, plan.gpus() > 0));
    choice.check(plan.job().training(), problems);
    return choice;
  }

  /** Optimizer steps of an epoch. */
  static int stepsPerEpoch(PlanSpec plan, Fit fit) {
    int train = fit.manifest().counts().getOrDefault(Split.TRAIN, 0);
    return Math.multiplyExact(
        Job.batchesPerEpoch(train, plan.job().training().batchSize()),
        fit.network().targets().segments());
  }

  /** What can only be told with the data in hand. */
  private static void check(PlanSpec plan, PreparedManifest manifest, Problems problems) {
    JobSpec job = plan.job();
    if (manifest.counts().getOrDefault(Split.TRAIN, 0) == 0) {
      problems.add(
          "",
          "Cannot train: 0 training examples (expected 1 or more; see the split of the dataset)");
    }
    boolean validation = manifest.counts().getOrDefault(Split.VALIDATION, 0) > 0;
    if (!validation && job.training().earlyStopping().isPresent()) {
      problems.add(
          "",
          "Cannot stop early: no validation examples (expected a validation split, or no training.earlyStopping)");
    }
    boolean needsValidation =
        job.task() instanceof TaskSpec.Binary binary
            && !(binary.threshold() instanceof ThresholdSpec.Value);
    if (!validation && needsValidation) {
      problems.add(
          "", "Cannot choose the threshold: no validation examples (expected a validation split)");
    } else if (needsValidation) {
      List<Long> counts = manifest.classCounts().get(Split.VALIDATION);
      for (int k = 0; k < counts.size(); k++) {
        if (counts.get(k) == 0) {
          problems.add(
              "",
              "Cannot choose the threshold: no validation example of class '"
                  + manifest.classes().get(k)
                  + "' (expected some of each)");
        }
      }
    }
    checkPredictions(job.task(), manifest, problems);
    for (PreparedManifest.Input input : manifest.inputs()) {
      if (manifest.inputs().size() == 1) {
        Augmentation.check(job.augmentation(), input.shape(), problems, "augmentation");
      }
    }
  }

  /** Every rank holds a split's predictions in one buffer. */
  private static void checkPredictions(
      TaskSpec task, PreparedManifest manifest, Problems problems) {
    long each = (long) Job.outputs(task, manifest) * manifest.targetSteps();
    for (Split split : List.of(Split.VALIDATION, Split.TEST)) {
      long numbers = each * manifest.counts().getOrDefault(split, 0);
      if (numbers > MOST_PREDICTED) {
        problems.add(
            "",
            String.format(
                "Cannot predict the %s split: %,d numbers (expected at most %,d; fewer examples, or a larger windows.stride)",
                split.name().toLowerCase(Locale.ROOT), numbers, MOST_PREDICTED));
      }
    }
  }

  private static void checkMemory(
      PlanSpec plan,
      int train,
      NetworkConfiguration network,
      EngineChoice.Engine engine,
      Problems problems) {
    long needed = memoryPerWorker(plan, train, network, engine);
    long given = plan.backend().nativeMemory().bytes();
    if (needed > given) {
      problems.add(
          "resources.perWorker.memory",
          String.format(
              "Cannot train in resources.perWorker.memory: %s leaves %d MiB for arrays (expected about %d MiB for this"
                  + " model and %d examples a worker and step; more memory, a smaller batch or more workers help)",
              plan.job().resources().perWorker().memory(),
              given >> 20,
              (needed >> 20) + 1,
              localBatch(plan, train)));
    }
    long copies = heapForCopies(plan, network);
    long heap = plan.backend().heap().bytes();
    if (copies > heap) {
      problems.add(
          "resources.perWorker.memory",
          String.format(
              "Cannot train in resources.perWorker.memory: %s leaves %d MiB for Java's heap (expected about %d MiB for"
                  + " copies of the training's state)",
              plan.job().resources().perWorker().memory(), heap >> 20, (copies >> 20) + 1));
    }
  }

  /**
   * What a rank copies to the heap: the best parameters and the moving average, which it keeps, and
   * of all that and of parameters and updater state the copy that becomes a checkpoint.
   */
  private static long heapForCopies(PlanSpec plan, NetworkConfiguration network) {
    long kept =
        (plan.job().training().averaging() > 0 ? 2 : 0)
            + (plan.job().training().export() == TrainingSpec.Export.BEST ? 1 : 0);
    return OTHER_HEAP
        + Float.BYTES * ((2 * kept + 1) * network.parameters() + network.size().updaterState());
  }

  static long memoryPerWorker(
      PlanSpec plan, int train, NetworkConfiguration network, EngineChoice.Engine engine) {
    int batch = localBatch(plan, train);
    return engine == EngineChoice.Engine.DL4J
        ? network.memoryBytes(batch)
        : network.compiledBytes(batch, OneDnnEngine.predictedAtOnce(batch));
  }

  private static int localBatch(PlanSpec plan, int train) {
    int batch = Math.min(train, plan.job().training().batchSize());
    return (batch + plan.workers() - 1) / plan.workers();
  }

  private static Path cache() {
    String given = System.getenv("ZONE_CACHE");
    return given == null || given.isBlank()
        ? Path.of(System.getProperty("user.home"), ".cache", "zone")
        : Path.of(given);
  }
}
