package dev.zone.conf;

import dev.zone.conf.yaml.Default;
import dev.zone.conf.yaml.Doc;
import dev.zone.conf.yaml.Matches;
import dev.zone.conf.yaml.Range;
import java.util.Optional;

/** How a model is trained. */
@Doc("How the model is trained.")
public record TrainingSpec(
    @Doc("Passes over the training split, at most.") @Range(min = 1, max = 100_000) int epochs,
    @Doc("Examples of one optimizer step, over all workers.") @Range(min = 1, max = 1_000_000)
        int batchSize,
    @Doc("The optimizer.") @Default("{adam: {learningRate: 0.001}}") UpdaterSpec updater,
    @Doc("How the learning rate changes.") @Default("{constant: {}}") ScheduleSpec schedule,
    @Doc("Seed of everything random.") @Default("42") long seed,
    @Doc("L1 penalty of the weights.") @Default("0") @Range(min = 0) double l1,
    @Doc("L2 penalty of the weights.") @Default("0") @Range(min = 0) double l2,
    @Doc("Decoupled weight decay (AdamW-like), times the learning rate.")
        @Default("0")
        @Range(min = 0)
        double weightDecay,
    @Doc("Limits gradients, layer by layer.") Optional<ClippingSpec> clipping,
    @Doc("Weights of classes in the loss.") @Default("none") ClassWeights classWeights,
    @Doc("Share of the label's certainty spread over all classes (multiclass).")
        @Default("0")
        @Range(min = 0, max = 1, openMax = true)
        double labelSmoothing,
    @Doc(
            "Decay per step of a moving average of the parameters; the average is validated and exported. 0 for none.")
        @Default("0")
        @Range(min = 0, max = 1, openMax = true)
        double averaging,
    @Doc("Ends the training when a validation metric no longer improves.")
        Optional<EarlyStoppingSpec> earlyStopping,
    @Doc("When the state of the training is saved.") @Default("{}") CheckpointSpec checkpoint,
    @Doc(
            "Which epoch's model is exported: best (by the early stopping metric, else validation loss) or last.")
        @Default("best")
        Export export,
    @Doc(
            "Optimizer steps between validations, each a chance of early stopping and of being the best; if not given, one at each epoch's end.")
        @Range(min = 1)
        Optional<Integer> validateEverySteps,
    @Doc(
            "What a loss or gradient that is no finite number does: stop (the run fails and says where), skip (the step changes nothing) or clip (NaN counts as 0, infinity as the largest value that clipping allows, or 1).")
        @Default("stop")
        NonFinite nonFinite,
    @Doc(
            "Statistics of batch normalisation: replica (each worker its own share's, faster) or global (the whole batch's, so that N workers equal one).")
        @Default("replica")
        BatchStatistics batchStatistics,
    @Doc(
            "Truncated backpropagation through time: windows are learned in pieces of so many steps, each an optimizer step of its own; the layers' state goes on from piece to piece, the gradient does not. With windows.targets each, for an lstm or a network from a file; if not given, windows are learned whole.")
        @Range(min = 1, max = 100_000)
        Optional<Integer> tbpttLength,
    @Doc(
            "What computes the network: onednn (the whole network compiled to oneDNN's primitives), dl4j (Deeplearning4j's layers), or auto, onednn where it covers the whole network. The two agree to about 1e-6; a run is exact with either.")
        @Default("auto")
        Engine engine,
    @Doc(
            "Numbers that the engine onednn computes training steps with: float32, or bf16 (bfloat16, 8 bits of precision) for products of layers and values between them. Parameters, their gradient, its sum over workers, the update, validation and tests are float32 in any case. bf16 needs processors with AVX512_BF16.")
        @Default("float32")
        Precision precision) {

  /** The same training, its state saved in another way. */
  public TrainingSpec withCheckpoint(CheckpointSpec other) {
    return new TrainingSpec(
        epochs,
        batchSize,
        updater,
        schedule,
        seed,
        l1,
        l2,
        weightDecay,
        clipping,
        classWeights,
        labelSmoothing,
        averaging,
        earlyStopping,
        other,
        export,
        validateEverySteps,
        nonFinite,
        batchStatistics,
        tbpttLength,
        engine,
        precision);
  }

  /** What computes the network. */
  public enum Engine {
    AUTO,
    ONEDNN,
    DL4J
  }

  /** Numbers that training steps are computed with. */
  public enum Precision {
    FLOAT32,
    /** Bfloat16: float32's exponent and the first 7 bits of its fraction. */
    BF16
  }

  public enum ClassWeights {
    NONE,
    /** Inversely proportional to the class's share, mean 1 over the examples. */
    BALANCED,
    /** The square root of the balanced weights, mean 1 over the examples. */
    SQRT
  }

  public enum Export {
    BEST,
    LAST
  }

  public enum NonFinite {
    STOP,
    SKIP,
    CLIP
  }

  public enum BatchStatistics {
    REPLICA,
    GLOBAL
  }

  @Doc("Ends the training early.")
  public record EarlyStoppingSpec(
      @Doc("A metric of the validation split.") @Default("loss") MetricName metric,
      @Doc(
              "Validations without improvement before it ends; there is one an epoch unless validateEverySteps says otherwise.")
          @Default("5")
          @Range(min = 1, max = 100_000)
          int patience,
      @Doc("What counts as an improvement.") @Default("0") @Range(min = 0) double minDelta) {}

  @Doc("Checkpoints.")
  public record CheckpointSpec(
      @Doc(
              "Optimizer steps between checkpoints. Without this and everyMinutes there is one at each epoch's end.")
          @Range(min = 1)
          Optional<Integer> everySteps,
      @Doc("Minutes between checkpoints; with everySteps, whichever comes first.")
          @Range(min = 0, openMin = true, max = 100_000)
          Optional<Double> everyMinutes,
      @Doc("How many of the newest are kept; the one at the best validation stays too.")
          @Default("2")
          @Range(min = 1, max = 1000)
          int keep,
      @Doc(
              "Folder on any Hadoop file system, hdfs://… for one, below which the run's checkpoints go, in a folder of the run's name; if not given, the run's own folder.")
          @Matches(
              value = "[a-z][a-z0-9+.-]{1,20}://[^\\s]{1,500}",
              expected = "a URI such as hdfs://namenode:8020/zone/checkpoints")
          Optional<String> folder) {}

  @Doc("Limits gradients, layer by layer.")
  public record ClippingSpec(
      @Doc("Largest L2 norm of a layer's gradient.") @Range(min = 0, openMin = true)
          Optional<Double> norm,
      @Doc("Largest absolute value of an element.") @Range(min = 0, openMin = true)
          Optional<Double> value) {}
}
