package dev.zone.jobs.engine.graph;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a node computes of its inputs. */
public sealed interface Operation
    permits Operation.Input,
        Operation.Dense,
        Operation.Convolution,
        Operation.Depthwise,
        Operation.Pooling,
        Operation.Normalization,
        Operation.Lstm,
        Operation.Embedding,
        Mapping,
        Rearrangement {

  /**
   * Has the visitor do what it does for this operation.
   *
   * @param node the node that computes it
   */
  void accept(int node, OperationVisitor visitor);

  /**
   * The shape of its values.
   *
   * @param inputs of what it is computed of
   */
  default Shape shape(List<Shape> inputs) {
    return inputs.get(0);
  }

  /** Where its parameters are in the flat vectors. */
  default List<Slice> slices() {
    return List.of();
  }

  /**
   * How many examples it puts out for one of the batch.
   *
   * @param inputs how many each of its inputs has
   */
  default int sets(List<Integer> inputs) {
    return inputs.isEmpty() ? 1 : inputs.get(0);
  }

  /** The same with a function applied to its values, if the two are computed together for less. */
  default Optional<Operation> followedBy(Function function) {
    return Optional.empty();
  }

  /** For people. */
  default String words() {
    return getClass().getSimpleName().toLowerCase(Locale.ROOT);
  }

  /**
   * An input of the network.
   *
   * @param index of the batch's inputs
   * @param own its shape
   */
  record Input(int index, Shape own) implements Operation {
    @Override
    public void accept(int node, OperationVisitor visitor) {
      visitor.input(node, this);
    }

    @Override
    public Shape shape(List<Shape> inputs) {
      return own;
    }

    @Override
    public String words() {
      return "input " + index;
    }
  }

  /**
   * y = f(W x + b) of all values of an example.
   *
   * @param weights [outputs, inputs…]
   * @param channelsLast how the inputs of a weight lie: [outputs, height, width, channels]
   * @param bias [outputs]
   */
  record Dense(
      int outputs, Slice weights, boolean channelsLast, Optional<Slice> bias, Function function)
      implements Operation {
    @Override
    public void accept(int node, OperationVisitor visitor) {
      visitor.dense(node, this);
    }

    @Override
    public Shape shape(List<Shape> inputs) {
      return Shape.of(outputs);
    }

    @Override
    public List<Slice> slices() {
      return both(weights, bias);
    }

    @Override
    public Optional<Operation> followedBy(Function next) {
      return fits(function, next)
          ? Optional.of(new Dense(outputs, weights, channelsLast, bias, next))
          : Optional.empty();
    }

    @Override
    public String words() {
      return "dense %d%s".formatted(outputs, suffix(function));
    }
  }

  /**
   * Cross-correlation along all axes after the first.
   *
   * @param filtersLast how the weights lie: [kernel…, channels, filters] instead of [filters,
   *     channels, kernel…]
   * @param bias [filters]
   */
  record Convolution(
      int filters,
      Window window,
      Slice weights,
      boolean filtersLast,
      Optional<Slice> bias,
      Function function)
      implements Operation {
    @Override
    public void accept(int node, OperationVisitor visitor) {
      visitor.convolution(node, this);
    }

    @Override
    public Shape shape(List<Shape> inputs) {
      return window.output(inputs.get(0), filters);
    }

    @Override
    public List<Slice> slices() {
      return both(weights, bias);
    }

    @Override
    public Optional<Operation> followedBy(Function next) {
      return fits(function, next)
          ? Optional.of(new Convolution(filters, window, weights, filtersLast, bias, next))
          : Optional.empty();
    }

    @Override
    public String words() {
      return "convolution %d of %s%s"
          .formatted(filters, new Shape(window.kernel()), suffix(function));
    }
  }

  /**
   * Cross-correlation of each channel with filters of its own.
   *
   * @param multiplier filters of a channel; those of the first channel come first
   * @param kernelFirst how the weights lie: [kernel…, channels, multiplier] instead of [multiplier,
   *     channels, kernel…]
   * @param bias [channels · multiplier]
   */
  record Depthwise(
      int multiplier,
      Window window,
      Slice weights,
      boolean kernelFirst,
      Optional<Slice> bias,
      Function function)
      implements Operation {
    @Override
    public void accept(int node, OperationVisitor visitor) {
      visitor.depthwise(node, this);
    }

    @Override
    public Shape shape(List<Shape> inputs) {
      return window.output(inputs.get(0), inputs.get(0).axis(0) * multiplier);
    }

    @Override
    public List<Slice> slices() {
      return both(weights, bias);
    }

    @Override
    public Optional<Operation> followedBy(Function next) {
      return fits(function, next)
          ? Optional.of(new Depthwise(multiplier, window, weights, kernelFirst, bias, next))
          : Optional.empty();
    }

    @Override
    public String words() {
      return "depthwise convolution %d of %s%s"
          .formatted(multiplier, new Shape(window.kernel()), suffix(function));
    }
  }

  /**
   * The largest or the average value under a window, of each channel; padding counts for nothing.
   *
   * @param function applied to it
   */
  record Pooling(boolean largest, Window window, Function function) implements Operation {
    @Override
    public void accept(int node, OperationVisitor visitor) {
      visitor.pooling(node, this);
    }

    @Override
    public Shape shape(List<Shape> inputs) {
      return window.output(inputs.get(0), inputs.get(0).axis(0));
    }

    @Override
    public Optional<Operation> followedBy(Function next) {
      return fits(function, next)
          ? Optional.of(new Pooling(largest, window, next))
          : Optional.empty();
    }

    @Override
    public String words() {
      return "%s of %s%s"
          .formatted(largest ? "largest" : "average", new Shape(window.kernel()), suffix(function));
    }
  }

  /**
   * Batch normalisation (Ioffe and Szegedy, 2015): by the batch's moments when training, by the
   * running ones otherwise. The parameters are four slices [channels].
   *
   * @param scale γ
   * @param shift β
   * @param mean running
   * @param deviation running: the variance, or the decimal logarithm of its root
   * @param settings numbers
   */
  record Normalization(Slice scale, Slice shift, Slice mean, Slice deviation, Settings settings)
      implements Operation {
    /**
     * Numbers of a normalisation.
     *
     * @param epsilon added to the variance
     * @param decay what is left of the running moments after a step
     * @param logarithm what {@code deviation} holds
     * @param rectified whether values below 0 become 0
     * @param fixed whether training normalises by the running moments too, and leaves them
     */
    public record Settings(
        double epsilon, double decay, boolean logarithm, boolean rectified, boolean fixed) {
      /** What is subtracted from the running mean after a step, as DL4J has it. */
      public double meanChange(double running, double mean) {
        return (1 - decay) * (running - mean);
      }

      /**
       * What is subtracted from the running deviation after a step, as DL4J has it.
       *
       * @param kept the variance, or the decimal logarithm of its root
       * @param variance of the batch
       */
      public double deviationChange(double kept, double variance) {
        double running = logarithm ? Math.pow(10, 2 * kept) : kept;
        double next = decay * running + (1 - decay) * variance;
        return logarithm ? Math.log10(running / next) / 2 : running - next;
      }
    }

    @Override
    public void accept(int node, OperationVisitor visitor) {
      visitor.normalization(node, this);
    }

    @Override
    public List<Slice> slices() {
      return List.of(scale, shift, mean, deviation);
    }

    @Override
    public Optional<Operation> followedBy(Function next) {
      if (settings.rectified || !next.equals(Function.RELU)) {
        return Optional.empty();
      }
      Settings with =
          new Settings(settings.epsilon, settings.decay, settings.logarithm, true, settings.fixed);
      return Optional.of(new Normalization(scale, shift, mean, deviation, with));
    }

    @Override
    public String words() {
      return "normalization" + (settings.rectified ? suffix(Function.RELU) : "");
    }
  }

  /**
   * A long short-term memory (Hochreiter and Schmidhuber, 1997, with the forget gate of Gers et
   * al., 2000, without peepholes) over [columns, steps]: c' = σ(f) c + σ(i) tanh(a), h' = σ(o)
   * tanh(c').
   *
   * @param inputWeights [gates, units, columns], gates in the order a, f, o, i
   * @param recurrentWeights [gates, units, units]
   * @param bias [gates, units]
   */
  record Lstm(int units, Slice inputWeights, Slice recurrentWeights, Slice bias)
      implements Operation {
    @Override
    public void accept(int node, OperationVisitor visitor) {
      visitor.lstm(node, this);
    }

    @Override
    public Shape shape(List<Shape> inputs) {
      return Shape.of(units, inputs.get(0).axis(1));
    }

    @Override
    public List<Slice> slices() {
      return List.of(inputWeights, recurrentWeights, bias);
    }

    @Override
    public String words() {
      return "lstm " + units;
    }
  }

  /**
   * Rows of a table, found by their numbers: [width], or [width, steps] of as many numbers as
   * steps.
   *
   * @param rows of the table
   * @param width of a row
   * @param ofSteps whether there are steps
   * @param table [width, rows]
   * @param bias [width], added to each row
   */
  record Embedding(int rows, int width, boolean ofSteps, Slice table, Optional<Slice> bias)
      implements Operation {
    @Override
    public void accept(int node, OperationVisitor visitor) {
      visitor.embedding(node, this);
    }

    @Override
    public Shape shape(List<Shape> inputs) {
      return ofSteps ? Shape.of(width, inputs.get(0).elements()) : Shape.of(width);
    }

    @Override
    public List<Slice> slices() {
      return both(table, bias);
    }

    @Override
    public String words() {
      return "embedding %d of %d".formatted(width, rows);
    }
  }

  /** Of a layer that may have a bias. */
  static List<Slice> both(Slice weights, Optional<Slice> bias) {
    return bias.map(own -> List.of(weights, own)).orElse(List.of(weights));
  }

  /** Whether a function can be computed together with what it is applied to. */
  static boolean fits(Function before, Function next) {
    return before.isIdentity() && next.hasDerivativeOfOutput();
  }

  /** A function behind an operation, for people. */
  static String suffix(Function function) {
    return function.isIdentity() ? "" : ", " + function;
  }
}
