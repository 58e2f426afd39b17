package dev.zone.jobs.engine.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Operations that move values, or take few of many. */
public sealed interface Rearrangement extends Operation {
  /** [columns] of [columns, steps]: the last step that is seen. */
  record LastStep() implements Rearrangement {
    @Override
    public void accept(int node, OperationVisitor visitor) {
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

  /**
   * [columns, steps] with the last step first.
   *
   * @param ofSeen whether that is the last that is seen, and those that are not stay last
   */
  record Reversal(boolean ofSeen) implements Rearrangement {
    @Override
    public void accept(int node, OperationVisitor visitor) {
      visitor.reversal(node);
    }
  }

  /**
   * The same values in row-major order, in another shape.
   *
   * @param to the shape
   * @param channelsLast whether the order is that of the input with its first axis as the last
   */
  record Reshape(Shape to, boolean channelsLast) implements Rearrangement {
    @Override
    public void accept(int node, OperationVisitor visitor) {
      visitor.reshape(node, this);
    }

    @Override
    public Shape shape(List<Shape> inputs) {
      return to;
    }
  }

  /** [columns] of [columns, steps]: one number of all steps that are seen. */
  record OfSteps(Kind kind) implements Rearrangement {
    /** The numbers. */
    public enum Kind {
      /** The largest. */
      LARGEST,
      /** The average. */
      AVERAGE,
      /** The sum. */
      SUM
    }

    @Override
    public void accept(int node, OperationVisitor visitor) {
      visitor.ofSteps(node, this);
    }

    @Override
    public Shape shape(List<Shape> inputs) {
      return Shape.of(inputs.get(0).axis(0));
    }

    @Override
    public String words() {
      return kind.name().toLowerCase(Locale.ROOT) + " of steps";
    }
  }

  /** The examples of all inputs, one set after the other. */
  record Stack() implements Rearrangement {
    @Override
    public void accept(int node, OperationVisitor visitor) {
      visitor.stack(node);
    }

    @Override
    public int sets(List<Integer> inputs) {
      return inputs.stream().mapToInt(Integer::intValue).sum();
    }
  }

  /**
   * Some of stacked examples.
   *
   * @param part which, from 0
   * @param of how many parts of equal size
   */
  record Unstack(int part, int of) implements Rearrangement {
    @Override
    public void accept(int node, OperationVisitor visitor) {
      visitor.unstack(node, this);
    }

    @Override
    public int sets(List<Integer> inputs) {
      return inputs.get(0) / of;
    }

    @Override
    public String words() {
      return "part %d of %d stacked".formatted(part + 1, of);
    }
  }

  /** All inputs, one after the other along the first axis. */
  record Concatenation() implements Rearrangement {
    @Override
    public void accept(int node, OperationVisitor visitor) {
      visitor.concatenation(node);
    }

    @Override
    public Shape shape(List<Shape> inputs) {
      List<Integer> axes = new ArrayList<>(inputs.get(0).axes());
      axes.set(0, inputs.stream().mapToInt(shape -> shape.axis(0)).sum());
      return new Shape(axes);
    }
  }

  /**
   * A part of the values.
   *
   * @param from where it begins along each axis
   * @param own its shape
   */
  record Part(List<Integer> from, Shape own) implements Rearrangement {
    @Override
    public void accept(int node, OperationVisitor visitor) {
      visitor.part(node, this);
    }

    @Override
    public Shape shape(List<Shape> inputs) {
      return own;
    }
  }

  /**
   * The values with zeros around them.
   *
   * @param before zeros in front of them along each axis
   * @param own the shape with all zeros
   */
  record Padding(List<Integer> before, Shape own) implements Rearrangement {
    @Override
    public void accept(int node, OperationVisitor visitor) {
      visitor.padding(node, this);
    }

    @Override
    public Shape shape(List<Shape> inputs) {
      return own;
    }
  }

  /**
   * Each value several times along each axis after the first.
   *
   * @param times for each of these axes
   */
  record Repetition(List<Integer> times) implements Rearrangement {
    @Override
    public void accept(int node, OperationVisitor visitor) {
      visitor.repetition(node, this);
    }

    @Override
    public Shape shape(List<Shape> inputs) {
      List<Integer> axes = new ArrayList<>(inputs.get(0).axes());
      for (int i = 0; i < times.size(); i++) {
        axes.set(i + 1, axes.get(i + 1) * times.get(i));
      }
      return new Shape(axes);
    }

    @Override
    public String words() {
      return "repetition " + new Shape(times);
    }
  }
}
