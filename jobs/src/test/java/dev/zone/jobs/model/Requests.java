package dev.zone.jobs.model;

import dev.zone.conf.ModelSpec;
import dev.zone.conf.ScheduleSpec;
import dev.zone.conf.TaskSpec;
import dev.zone.conf.ThresholdSpec;
import dev.zone.conf.TrainingSpec;
import dev.zone.conf.TrainingSpec.ClippingSpec;
import dev.zone.conf.UpdaterSpec;
import dev.zone.conf.error.Problems;
import dev.zone.datasets.PreparedManifest.Input;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Small requests for models, for tests. */
public final class Requests {
  private ModelSpec model = mlp(16, 8);
  private TaskSpec task = new TaskSpec.Multiclass("label");
  private UpdaterSpec updater = new UpdaterSpec.Adam(0.01, 0.9, 0.999, 1e-8);
  private ScheduleSpec schedule = new ScheduleSpec.Constant();
  private double l1;
  private double l2;
  private double weightDecay;
  private Optional<ClippingSpec> clipping = Optional.empty();
  private List<Input> inputs = List.of(input("features", 7));
  private int outputs = 3;
  private int epochs = 5;
  private long seed = 42;
  private Path files = Path.of(".");
  private TrainingSpec.BatchStatistics statistics = TrainingSpec.BatchStatistics.REPLICA;
  private TrainingSpec.Engine engine = TrainingSpec.Engine.AUTO;
  private TrainingSpec.Precision precision = TrainingSpec.Precision.FLOAT32;

  public static ModelSpec mlp(Integer... hidden) {
    return new ModelSpec.Mlp(List.of(hidden), ModelSpec.Activation.RELU, false, 0, 0, 0);
  }

  public static ModelSpec cnn(boolean batchNorm) {
    return new ModelSpec.Cnn(
        List.of(4, 6),
        1,
        3,
        batchNorm,
        ModelSpec.Activation.RELU,
        ModelSpec.Pooling.MAX,
        ModelSpec.Joint.FLATTEN,
        List.of(10),
        0,
        0,
        Optional.empty(),
        Optional.empty());
  }

  public static ModelSpec cnn1d(ModelSpec.Joint joint, int pool) {
    return new ModelSpec.Cnn1d(
        List.of(5, 4), 3, pool, ModelSpec.Activation.TANH, joint, List.of(6), 0);
  }

  public static TaskSpec binary() {
    return new TaskSpec.Binary("label", Optional.empty(), new ThresholdSpec.Value(0.5));
  }

  private int targetSteps = 1;
  private Optional<Integer> tbpttLength = Optional.empty();

  public static TaskSpec regression(TaskSpec.RegressionLoss loss) {
    return new TaskSpec.Regression("target", Optional.empty(), 1, loss);
  }

  public static Input input(String name, Integer... shape) {
    return new Input(
        name, List.of(shape), IntStream.range(0, shape[0]).mapToObj(i -> "c" + i).toList());
  }

  public Requests model(ModelSpec value) {
    model = value;
    return this;
  }

  public Requests task(TaskSpec value, int width) {
    task = value;
    outputs = width;
    return this;
  }

  public Requests updater(UpdaterSpec value) {
    updater = value;
    return this;
  }

  public Requests schedule(ScheduleSpec value) {
    schedule = value;
    return this;
  }

  public Requests penalties(double one, double two, double decay) {
    l1 = one;
    l2 = two;
    weightDecay = decay;
    return this;
  }

  public Requests clipping(Optional<Double> norm, Optional<Double> value) {
    clipping = Optional.of(new ClippingSpec(norm, value));
    return this;
  }

  public Requests inputs(Input... values) {
    inputs = List.of(values);
    return this;
  }

  public Requests epochs(int value) {
    epochs = value;
    return this;
  }

  public Requests seed(long value) {
    seed = value;
    return this;
  }

  public Requests files(Path value) {
    files = value;
    return this;
  }

  public Requests engine(TrainingSpec.Engine value) {
    engine = value;
    return this;
  }

  public Requests precision(TrainingSpec.Precision value) {
    precision = value;
    return this;
  }

  public Requests statistics(TrainingSpec.BatchStatistics value) {
    statistics = value;
    return this;
  }

  /**
   * Every step of a window has a target.
   *
   * @param pieces steps of a piece; empty for whole windows
   */
  public Requests each(int steps, Optional<Integer> pieces) {
    targetSteps = steps;
    tbpttLength = pieces;
    return this;
  }

  public ModelRequest request() {
    TrainingSpec training =
        new TrainingSpec(
            epochs,
            32,
            updater,
            schedule,
            seed,
            l1,
            l2,
            weightDecay,
            clipping,
            TrainingSpec.ClassWeights.NONE,
            0,
            0,
            Optional.empty(),
            new TrainingSpec.CheckpointSpec(
                Optional.empty(), Optional.empty(), 2, Optional.empty()),
            TrainingSpec.Export.LAST,
            Optional.empty(),
            TrainingSpec.NonFinite.STOP,
            statistics,
            tbpttLength,
            engine,
            precision);
    return new ModelRequest(model, task, training, inputs, outputs, targetSteps, 10, files);
  }

  public NetworkConfiguration create() {
    Problems problems = new Problems();
    Optional<NetworkConfiguration> made = ModelFactory.create(request(), problems);
    problems.throwIfAny();
    return made.orElseThrow();
  }

  /** The messages that creating gives. */
  public List<String> problems() {
    Problems problems = new Problems();
    ModelFactory.create(request(), problems);
    return problems.list().stream().map(Object::toString).toList();
  }
}
