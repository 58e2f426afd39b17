package dev.zone.jobs.engine.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a node computes of its inputs. */
public sealed interface Operation {

  /**
   * Has the visitor do what it does for this operation.
   *
   * @param node the node that computes it
   */
  void accept(int node, Visitor visitor);

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

  /** The same with a function applied to its values, if the two are computed together for less. */
  default Optional<Operation> followedBy(Function function) {
    return Optional.empty();
  }

  /** For people. */
  default String words() {
    return getClass().getSimpleName().toLowerCase(Locale.ROOT);
  }

  /** Something to be done for each kind of operation. */
  interface Visitor {
    /** For an input of the network. */
    void input(int node, Input operation);

    /** For a dense layer. */
    void dense(int node, Dense operation);

    /** For a convolution. */
    void convolution(int node, Convolution operation);

    /** For a pooling. */
    void pooling(int node, Pooling operation);

    /** For a batch normalisation. */
    void normalization(int node, Normalization operation);

    /** For a function of each value. */
    void activation(int node, Activation operation);

    /** For dropout. */
    void dropout(int node, Dropout operation);

    /** For an LSTM. */
    void lstm(int node, Lstm operation);

    /** For steps that are not seen. */
    void mask(int node);

    /** For the last step. */
    void lastStep(int node);

    /** For the opposite order of steps. */
    void reversal(int node);

    /** For another shape. */
    void reshape(int node, Reshape operation);

    /** For a sum. */
    void sum(int node, Sum operation);

    /** For a concatenation. */
    void concatenation(int node);
  }

  /**
   * An input of the network.
   *
   * @param index of the batch's inputs
   * @param own its shape
   */
  record Input(int index, Shape own) implements Operation {
    @Override
    public void accept(int node, Visitor visitor) {
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
    public void accept(int node, Visitor visitor) {
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
    public void accept(int node, Visitor visitor) {
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
   * The largest or the average value under a window, of each channel; padding counts for nothing.
   */
  record Pooling(boolean largest, Window window) implements Operation {
    @Override
    public void accept(int node, Visitor visitor) {
      visitor.pooling(node, this);
    }

    @Override
    public Shape shape(List<Shape> inputs) {
      return window.output(inputs.get(0), inputs.get(0).axis(0));
    }

    @Override
    public String words() {
      return "%s of %s".formatted(largest ? "largest" : "average", new Shape(window.kernel()));
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
     */
    public record Settings(double epsilon, double decay, boolean logarithm, boolean rectified) {
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
    public void accept(int node, Visitor visitor) {
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
      Settings with = new Settings(settings.epsilon, settings.decay, settings.logarithm, true);
      return Optional.of(new Normalization(scale, shift, mean, deviation, with));
    }

    @Override
    public String words() {
      return "normalization" + (settings.rectified ? suffix(Function.RELU) : "");
    }
  }

  /** A function of each value. */
  record Activation(Function function) implements Operation {
    @Override
    public void accept(int node, Visitor visitor) {
      visitor.activation(node, this);
    }

    @Override
    public String words() {
      return function.toString();
    }
  }

  /**
   * In training a value is kept with this probability, and then divided by it; others become 0.
   *
   * @param retained the probability, above 0 and below 1
   */
  record Dropout(double retained) implements Operation {
    @Override
    public void accept(int node, Visitor visitor) {
      visitor.dropout(node, this);
    }

    @Override
    public String words() {
      return "dropout, %s retained".formatted(retained);
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
    public void accept(int node, Visitor visitor) {
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

  /** [columns, steps] with zeros where the batch says that a step is not seen. */
  record Mask() implements Operation {
    @Override
    public void accept(int node, Visitor visitor) {
      visitor.mask(node);
    }
  }

  /** [columns] of [columns, steps]: the last step that is seen. */
  record LastStep() implements Operation {
    @Override
    public void accept(int node, Visitor visitor) {
      visitor.lastStep(node);
    }

    @Override
    public Shape shape(List<Shape> inputs) {
      return Shape.of(inputs.get(0).axis(0));
    }

    @Override
    public String words() {
      return "last step";
    }
  }

  /** [columns, steps] with the last step that is seen first; those that are not stay last. */
  record Reversal() implements Operation {
    @Override
    public void accept(int node, Visitor visitor) {
      visitor.reversal(node);
    }
  }

  /**
   * The same values in row-major order, in another shape.
   *
   * @param to the shape
   * @param channelsLast whether the order is that of the input with its first axis as the last
   */
  record Reshape(Shape to, boolean channelsLast) implements Operation {
    @Override
    public void accept(int node, Visitor visitor) {
      visitor.reshape(node, this);
    }

    @Override
    public Shape shape(List<Shape> inputs) {
      return to;
    }
  }

  /** f of the sum of all inputs. */
  record Sum(Function function) implements Operation {
    @Override
    public void accept(int node, Visitor visitor) {
      visitor.sum(node, this);
    }

    @Override
    public Optional<Operation> followedBy(Function next) {
      return fits(function, next) ? Optional.of(new Sum(next)) : Optional.empty();
    }

    @Override
    public String words() {
      return "sum" + suffix(function);
    }
  }

  /** All inputs, one after the other along the first axis. */
  record Concatenation() implements Operation {
    @Override
    public void accept(int node, Visitor visitor) {
      visitor.concatenation(node);
    }

    @Override
    public Shape shape(List<Shape> inputs) {
      List<Integer> axes = new ArrayList<>(inputs.get(0).axes());
      axes.set(0, inputs.stream().mapToInt(shape -> shape.axis(0)).sum());
      return new Shape(axes);
    }
  }

  private static List<Slice> both(Slice weights, Optional<Slice> bias) {
    return bias.map(own -> List.of(weights, own)).orElse(List.of(weights));
  }

  private static boolean fits(Function before, Function next) {
    return before.isIdentity() && next.hasDerivativeOfOutput();
  }

  private static String suffix(Function function) {
    return function.isIdentity() ? "" : ", " + function;
  }
}
