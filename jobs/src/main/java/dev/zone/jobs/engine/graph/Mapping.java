package dev.zone.jobs.engine.graph;

import java.util.Optional;

/** Operations whose values have the shape of what they are computed of. */
public sealed interface Mapping extends Operation {
  /** A function of each value. */
  record Activation(Function function) implements Mapping {
    @Override
    public void accept(int node, OperationVisitor visitor) {
      visitor.activation(node, this);
    }

    @Override
    public String words() {
      return function.toString();
    }
  }

  /**
   * What training does to values at random, and predicting does not.
   *
   * @param kind of dropout
   * @param amount the probability with which a value is retained; the noise's deviation for {@code
   *     GAUSSIAN} and {@code NOISE}
   */
  record Dropout(Kind kind, double amount) implements Mapping {
    /** The kinds. */
    public enum Kind {
      /** A value that is retained is divided by the probability; others become 0. */
      PLAIN("retained"),
      /** The same for all values of a channel. */
      SPATIAL("of channels retained"),
      /** Values are multiplied by numbers of mean 1 (Srivastava et al., 2014). */
      GAUSSIAN("deviation of factors"),
      /** Values of SELUs keep mean and variance (Klambauer et al., 2017). */
      ALPHA("retained, others at the lower end"),
      /** Numbers of mean 0 are added. */
      NOISE("deviation of noise");

      private final String words;

      Kind(String words) {
        this.words = words;
      }
    }

    @Override
    public void accept(int node, OperationVisitor visitor) {
      visitor.dropout(node, this);
    }

    @Override
    public String words() {
      return "dropout, %s %s".formatted(amount, kind.words);
    }
  }

  /** f of the sum of all inputs. */
  record Sum(Function function) implements Mapping {
    @Override
    public void accept(int node, OperationVisitor visitor) {
      visitor.sum(node, this);
    }

    @Override
    public Optional<Operation> followedBy(Function next) {
      return Operation.fits(function, next) ? Optional.of(new Sum(next)) : Optional.empty();
    }

    @Override
    public String words() {
      return "sum" + Operation.suffix(function);
    }
  }

  /** The product of all inputs. */
  record Product() implements Mapping {
    @Override
    public void accept(int node, OperationVisitor visitor) {
      visitor.product(node);
    }
  }

  /** At each place the largest of all inputs; the gradient is that of the first such. */
  record Maximum() implements Mapping {
    @Override
    public void accept(int node, OperationVisitor visitor) {
      visitor.maximum(node);
    }
  }

  /** Shares of the features: e to the power of each over their sum. */
  record Softmax() implements Mapping {
    @Override
    public void accept(int node, OperationVisitor visitor) {
      visitor.softmax(node);
    }
  }

  /**
   * An example's values over the root of the sum of their squares.
   *
   * @param least what is divided by at least
   */
  record UnitLength(double least) implements Mapping {
    @Override
    public void accept(int node, OperationVisitor visitor) {
      visitor.unitLength(node, this);
    }

    @Override
    public String words() {
      return "unit length";
    }
  }

  /** [columns, steps] with zeros where the batch says that a step is not seen. */
  record Mask() implements Mapping {
    @Override
    public void accept(int node, OperationVisitor visitor) {
      visitor.mask(node);
    }
  }

  /** The values as they are; nothing before it is learned. */
  record Stop() implements Mapping {
    @Override
    public void accept(int node, OperationVisitor visitor) {
      visitor.stop(node);
    }
  }
}
