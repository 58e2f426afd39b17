package dev.zone.conf;

import dev.zone.conf.error.Problems;
import dev.zone.conf.yaml.Locations;
import dev.zone.conf.yaml.YamlNames;
import java.util.Collection;
import java.util.Optional;

/**
 * What must hold between the values of a job, and between a job and its dataset's descriptor,
 * beyond what each value must be by itself.
 */
public final class JobRules {
  private final JobSpec job;
  private final Rules rules;

  private JobRules(JobSpec job, Rules rules) {
    this.job = job;
    this.rules = rules;
  }

  /**
   * Finds all that is wrong with a job and can be known from it alone.
   *
   * @param locations of the job's values, as the binder returns them
   */
  public static void check(JobSpec job, Locations locations, Problems problems) {
    new JobRules(job, new Rules(locations, problems)).check();
  }

  /**
   * Finds all that is wrong with a job and can be known from it and its dataset's descriptor,
   * without what {@link #check} finds.
   *
   * @param locations of the job's values, as the binder returns them
   */
  public static void checkAgainst(
      JobSpec job, DatasetSpec dataset, Locations locations, Problems problems) {
    new JobDatasetRules(job, dataset, new Rules(locations, problems)).check();
  }

  private void check() {
    job.split().ifPresent(split -> SplitRules.check(split, "split", rules));
    InputRules.check(job, rules);
    WindowRules.check(job, rules);
    checkTask();
    checkModel();
    checkTraining();
    checkEvaluation();
  }

  private void checkTask() {
    if (job.task() instanceof TaskSpec.Binary binary
        && binary.threshold() instanceof ThresholdSpec.Best best
        && !ThresholdSpec.Best.metrics().contains(best.metric())) {
      refuseMetric("task.threshold.best.metric", best.metric(), ThresholdSpec.Best.metrics());
    }
    if (job.task() instanceof TaskSpec.Multilabel multilabel
        && multilabel.labels().stream().distinct().count() < multilabel.labels().size()) {
      rules.refuse("task.labels", String.join(", ", multilabel.labels()), "each label once");
    }
  }

  private void checkModel() {
    ModelSpec model = job.model();
    String name = YamlNames.of(model);
    boolean overTime =
        model instanceof ModelSpec.Cnn1d
            || model instanceof ModelSpec.Lstm
            || model instanceof ModelSpec.Bilstm;
    boolean overImages = model instanceof ModelSpec.Cnn || model instanceof ModelSpec.Resnet;
    if (overTime && job.windows().isEmpty()) {
      rules.refuse("model.architecture", name, "windows in the job, because it reads series");
    }
    if (overImages && job.windows().isPresent()) {
      rules.refuse(
          "model.architecture", name, "cnn1d, lstm, bilstm or mlp, because the job cuts windows");
    }
    if (model instanceof ModelSpec.Mlp mlp && mlp.hidden().isEmpty() && mlp.inputL1() > 0) {
      rules.refuse("model.inputL1", mlp.inputL1(), "0 without hidden layers; training.l1 does it");
    }
    if (model instanceof ModelSpec.Cnn cnn
        && cnn.pools().isPresent()
        && cnn.pools().get().size() != cnn.filters().size()) {
      rules.refuse(
          "model.pools", cnn.pools().get(), cnn.filters().size() + " numbers, one a block");
    }
    if (model instanceof ModelSpec.Configuration configuration) {
      checkFile("model.configuration", configuration.configuration(), ".json", ".yaml", ".yml");
    }
    if (model instanceof ModelSpec.Keras keras) {
      checkFile("model.keras", keras.keras(), ".h5", ".hdf5", ".json");
      if (keras.weights() && keras.keras().endsWith(".json")) {
        rules.refuse("model.weights", true, "false: a JSON file holds no weights");
      }
    }
  }

  private void checkFile(String path, String file, String... endings) {
    if (!RelativePaths.isSafe(file)) {
      rules.refuse(path, file, "a path below the job file's folder, without '..'");
    }
    for (String ending : endings) {
      if (file.endsWith(ending)) {
        return;
      }
    }
    rules.refuse(path, file, "a file that ends in " + String.join(", ", endings));
  }

  private void checkTraining() {
    TrainingSpec training = job.training();
    if (training.batchSize() < job.resources().workers()) {
      rules.refuse(
          "training.batchSize",
          training.batchSize(),
          "at least one example for each of the " + job.resources().workers() + " workers");
    }
    if (training.labelSmoothing() > 0 && !(job.task() instanceof TaskSpec.Multiclass)) {
      rules.refuse(
          "training.labelSmoothing",
          training.labelSmoothing(),
          "0, because the task is not multiclass");
    }
    if (training.classWeights() != TrainingSpec.ClassWeights.NONE
        && job.task() instanceof TaskSpec.Regression) {
      rules.refuse(
          "training.classWeights",
          YamlNames.of(training.classWeights()),
          "none, because a regression has no classes");
    }
    if (training.schedule() instanceof ScheduleSpec.Cosine cosine
        && cosine.warmupEpochs() >= training.epochs()) {
      rules.refuse(
          "training.schedule.cosine.warmupEpochs",
          cosine.warmupEpochs(),
          "fewer than the " + training.epochs() + " epochs of the training");
    }
    if (training.batchStatistics() == TrainingSpec.BatchStatistics.GLOBAL
        && !normalises(job.model())) {
      rules.refuse(
          "training.batchStatistics",
          "global",
          "replica, because the model has no batch normalisation");
    }
    training
        .clipping()
        .filter(clipping -> clipping.norm().isPresent() == clipping.value().isPresent())
        .ifPresent(
            clipping ->
                rules.refuse(
                    "training.clipping",
                    clipping.norm().isPresent() ? "norm and value" : "{}",
                    "exactly one of norm and value"));
    training
        .earlyStopping()
        .filter(early -> !job.task().metrics().contains(early.metric()))
        .ifPresent(
            early ->
                refuseMetric(
                    "training.earlyStopping.metric", early.metric(), job.task().metrics()));
  }

  /** Whether there is batch normalisation, as far as can be told without a file. */
  private static boolean normalises(ModelSpec model) {
    return model instanceof ModelSpec.Resnet
        || model.file().isPresent()
        || (model instanceof ModelSpec.Mlp mlp && mlp.batchNorm() && !mlp.hidden().isEmpty())
        || (model instanceof ModelSpec.Cnn cnn && cnn.batchNorm());
  }

  private void checkEvaluation() {
    int i = 0;
    for (MetricName metric : job.evaluation().metrics()) {
      if (!job.task().metrics().contains(metric)) {
        refuseMetric("evaluation.metrics." + i, metric, job.task().metrics());
      }
      i++;
    }
    boolean heldOut =
        job.evaluation().crossValidation().map(cross -> cross.validation() > 0).orElse(true);
    if (!heldOut) {
      needsValidation(job)
          .ifPresent(
              path ->
                  rules.refuse(
                      "evaluation.crossValidation.validation",
                      0,
                      "above 0, because " + path + " looks at validation"));
    }
  }

  /** The path of what cannot work without a validation split, if there is such. */
  static Optional<String> needsValidation(JobSpec job) {
    if (job.training().earlyStopping().isPresent()) {
      return Optional.of("training.earlyStopping");
    }
    return job.task() instanceof TaskSpec.Binary binary
            && !(binary.threshold() instanceof ThresholdSpec.Value)
        ? Optional.of("task.threshold")
        : Optional.empty();
  }

  private void refuseMetric(String path, MetricName metric, Collection<MetricName> allowed) {
    rules.refuse(
        path,
        YamlNames.of(metric),
        "one of " + String.join(", ", allowed.stream().map(YamlNames::of).toList()));
  }
}
