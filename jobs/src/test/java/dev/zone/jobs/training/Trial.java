package dev.zone.jobs.training;

import dev.zone.conf.ModelSpec;
import dev.zone.conf.ScheduleSpec;
import dev.zone.conf.SplitSpec.Split;
import dev.zone.conf.TaskSpec;
import dev.zone.conf.TrainingSpec;
import dev.zone.conf.TrainingSpec.BatchStatistics;
import dev.zone.conf.TrainingSpec.ClassWeights;
import dev.zone.conf.TrainingSpec.ClippingSpec;
import dev.zone.conf.UpdaterSpec;
import dev.zone.conf.error.Problems;
import dev.zone.datasets.PreparedManifest;
import dev.zone.datasets.PreparedManifest.Input;
import dev.zone.jobs.model.ModelFactory;
import dev.zone.jobs.model.ModelRequest;
import dev.zone.jobs.model.NetworkConfiguration;
import dev.zone.jobs.model.Requests;
import dev.zone.jobs.update.EngineChoice;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A training of 50 steps that is to come out the same on any number of ranks: 10 epochs of 102
 * examples in batches of 25, which no two, three or four ranks share evenly, and a last one of 2,
 * fewer than three or four ranks.
 */
final class Trial {
  static final int EXAMPLES = 102;
  static final int BATCH = 25;

  private final String name;
  private ModelSpec model =
      new ModelSpec.Mlp(List.of(12, 8), ModelSpec.Activation.TANH, false, 0, 0, 0);
  private TaskSpec task = new TaskSpec.Multiclass("label");
  private List<Input> inputs = List.of(Requests.input("features", 7));
  private int outputs = 3;
  private UpdaterSpec updater = new UpdaterSpec.Adam(0.003, 0.9, 0.999, 1e-8);
  private ScheduleSpec schedule = new ScheduleSpec.Constant();
  private double l1;
  private double l2;
  private double weightDecay;
  private Optional<ClippingSpec> clipping = Optional.empty();
  private ClassWeights classWeights = ClassWeights.NONE;
  private double labelSmoothing;
  private BatchStatistics statistics = BatchStatistics.REPLICA;
  private int epochs = 10;
  private boolean each;
  private Optional<Integer> tbpttLength = Optional.empty();
  private Path files = Path.of(".");
  private TrainingSpec.Engine engine = TrainingSpec.Engine.DL4J;

  Trial(String name) {
    this.name = name;
  }

  Trial model(ModelSpec value) {
    model = value;
    return this;
  }

  Trial task(TaskSpec value, int width) {
    task = value;
    outputs = width;
    return this;
  }

  Trial inputs(Input... values) {
    inputs = List.of(values);
    return this;
  }

  Trial updater(UpdaterSpec value) {
    updater = value;
    return this;
  }

  Trial schedule(ScheduleSpec value) {
    schedule = value;
    return this;
  }

  Trial penalties(double one, double two, double decay) {
    l1 = one;
    l2 = two;
    weightDecay = decay;
    return this;
  }

  Trial clipNorm(double norm) {
    clipping = Optional.of(new ClippingSpec(Optional.of(norm), Optional.empty()));
    return this;
  }

  Trial clipValue(double value) {
    clipping = Optional.of(new ClippingSpec(Optional.empty(), Optional.of(value)));
    return this;
  }

  Trial classWeights(ClassWeights value) {
    classWeights = value;
    return this;
  }

  Trial labelSmoothing(double value) {
    labelSmoothing = value;
    return this;
  }

  Trial statistics(BatchStatistics value) {
    statistics = value;
    return this;
  }

  /** Every step of a window has its target. */
  Trial each() {
    each = true;
    return this;
  }

  /** Learns pieces of so many steps, each an optimizer step, for so many epochs of 5 batches. */
  Trial tbptt(int length, int forEpochs) {
    tbpttLength = Optional.of(length);
    epochs = forEpochs;
    return this;
  }

  Trial engine(TrainingSpec.Engine value) {
    engine = value;
    return this;
  }

  /** The engine that computes its network. */
  EngineChoice.Engine engine() {
    boolean masked = inputs.stream().anyMatch(Input::masked);
    return EngineChoice.of(network(), new EngineChoice.Circumstances(training(), masked, false))
        .engine();
  }

  Trial files(Path folder) {
    files = folder;
    return this;
  }

  TaskSpec task() {
    return task;
  }

  List<Input> inputs() {
    return inputs;
  }

  int outputs() {
    return outputs;
  }

  TrainingSpec training() {
    return new TrainingSpec(
        epochs,
        BATCH,
        updater,
        schedule,
        7,
        l1,
        l2,
        weightDecay,
        clipping,
        classWeights,
        labelSmoothing,
        0,
        Optional.empty(),
        new TrainingSpec.CheckpointSpec(Optional.empty(), Optional.empty(), 2, Optional.empty()),
        TrainingSpec.Export.LAST,
        Optional.empty(),
        TrainingSpec.NonFinite.STOP,
        statistics,
        tbpttLength,
        engine,
        TrainingSpec.Precision.FLOAT32);
  }

  /** Targets of an example. */
  int targetSteps() {
    return each ? inputs.get(0).shape().get(1) : 1;
  }

  NetworkConfiguration network() {
    Problems problems = new Problems();
    Optional<NetworkConfiguration> made =
        ModelFactory.create(
            new ModelRequest(
                model,
                task,
                training(),
                inputs,
                outputs,
                targetSteps(),
                Job.batchesPerEpoch(EXAMPLES, BATCH),
                files),
            problems);
    problems.throwIfAny();
    return made.orElseThrow();
  }

  RandomExamples examples() {
    return new RandomExamples(task, inputs, outputs, EXAMPLES, targetSteps());
  }

  Job job(RandomExamples examples) {
    PreparedManifest manifest =
        new PreparedManifest(
            "chip/random",
            "",
            true,
            "",
            inputs,
            List.of(),
            examples.width(),
            targetSteps(),
            Map.of(Split.TRAIN, EXAMPLES),
            Map.of(Split.TRAIN, examples.targetCount()),
            Map.of(Split.TRAIN, classCounts(examples)),
            List.of());
    return new Job(task, training(), manifest, split -> examples, 1);
  }

  /** Targets of each class; empty if there are none. */
  List<Long> classCounts(RandomExamples examples) {
    if (task instanceof TaskSpec.Regression || task instanceof TaskSpec.Multilabel) {
      return List.of();
    }
    Long[] counts = new Long[Math.max(2, outputs)];
    java.util.Arrays.fill(counts, 0L);
    for (int i = 0; i < examples.size(); i++) {
      for (int step = 0; step < targetSteps() - examples.targetPadding(i); step++) {
        counts[(int) examples.target(i, step, 0)]++;
      }
    }
    return List.of(counts);
  }

  @Override
  public String toString() {
    return name;
  }
}
