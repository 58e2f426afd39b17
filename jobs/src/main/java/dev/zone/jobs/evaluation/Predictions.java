package dev.zone.jobs.evaluation;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * What a model said of some examples, and what is true of them.
 *
 * <p>The arrays are neither copied nor changed; who gives them leaves them alone from then on.
 */
public final class Predictions {
  private final int examples;
  private final int outputs;
  private final float[] values;
  private final float[] targets;

  /**
   * @param examples number of examples, at least 0
   * @param outputs width of the model's output layer
   * @param values [examples, outputs], row-major: probabilities of the classes (multiclass), of the
   *     positive class (binary), of each label (multilabel), numbers in the target's unit
   *     (regression)
   * @param targets [examples, width], row-major, as {@link dev.zone.datasets.ExampleSet#copyTarget}
   *     gives them: the class index, 0 or 1, numbers in the target's unit
   */
  public Predictions(int examples, int outputs, float[] values, float[] targets) {
    if (examples < 0 || outputs < 1) {
      throw new IllegalArgumentException(
          "Cannot evaluate predictions: %d examples of %d outputs (expected 0 or more of 1 or more)"
              .formatted(examples, outputs));
    }
    if (values.length != Math.multiplyExact(examples, outputs)) {
      throw new IllegalArgumentException(
          "Cannot evaluate predictions: %d values (expected %d, %d examples of %d outputs)"
              .formatted(values.length, examples * outputs, examples, outputs));
    }
    if (targets.length != examples && targets.length != values.length) {
      throw new IllegalArgumentException(
          "Cannot evaluate predictions: %d targets (expected %d or %d)"
              .formatted(targets.length, examples, values.length));
    }
    this.examples = examples;
    this.outputs = outputs;
    this.values = values;
    this.targets = targets;
  }

  public int examples() {
    return examples;
  }

  public int outputs() {
    return outputs;
  }

  /** [examples, outputs]; the live array. */
  public float[] values() {
    return values;
  }

  /** [examples, width]; the live array. */
  public float[] targets() {
    return targets;
  }

  /** Numbers a target has: 1 or {@link #outputs()}. */
  public int targetWidth() {
    return examples == 0 ? outputs : targets.length / examples;
  }

  /** The examples of all parts, in their order: what the test folds of a cross-validation said. */
  public static Predictions concat(List<Predictions> parts) {
    if (parts.isEmpty()) {
      throw new IllegalArgumentException("Cannot join predictions: none (expected 1 or more)");
    }
    int outputs = parts.get(0).outputs;
    int examples = 0;
    int targets = 0;
    for (Predictions part : parts) {
      if (part.outputs != outputs) {
        throw new IllegalArgumentException(
            "Cannot join predictions: %d outputs and %d (expected the same width)"
                .formatted(outputs, part.outputs));
      }
      examples = Math.addExact(examples, part.examples);
      targets = Math.addExact(targets, part.targets.length);
    }
    float[] values = new float[Math.multiplyExact(examples, outputs)];
    float[] truth = new float[targets];
    int at = 0;
    int truthAt = 0;
    for (Predictions part : parts) {
      System.arraycopy(part.values, 0, values, at, part.values.length);
      System.arraycopy(part.targets, 0, truth, truthAt, part.targets.length);
      at += part.values.length;
      truthAt += part.targets.length;
    }
    return new Predictions(examples, outputs, values, truth);
  }

  float value(int example, int output) {
    return values[example * outputs + output];
  }

  /**
   * The class index that an example's target says.
   *
   * @throws IllegalArgumentException if it is not one of the classes
   */
  int targetClass(int example, int column, int classes) {
    float target = targets[example * targetWidth() + column];
    int index = (int) target;
    if (index != target || index < 0 || index >= classes) {
      throw new IllegalArgumentException(
          "Cannot evaluate predictions: target %s of example %d (expected a class from 0 to %d)"
              .formatted(target, example, classes - 1));
    }
    return index;
  }

  /** Examples that have an output that is not finite. */
  int notFinite() {
    int found = 0;
    for (int example = 0; example < examples; example++) {
      for (int output = 0; output < outputs; output++) {
        if (!Float.isFinite(value(example, output))) {
          found++;
          break;
        }
      }
    }
    return found;
  }

  /** The output that is largest; the first of equals. */
  int largest(int example) {
    int best = 0;
    for (int output = 1; output < outputs; output++) {
      if (value(example, output) > value(example, best)) {
        best = output;
      }
    }
    return best;
  }

  @Override
  public String toString() {
    return "Predictions[examples=" + examples + ", outputs=" + outputs + "]";
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Predictions that
        && examples == that.examples
        && outputs == that.outputs
        && Arrays.equals(values, that.values)
        && Arrays.equals(targets, that.targets);
  }

  @Override
  public int hashCode() {
    return Objects.hash(examples, outputs, Arrays.hashCode(values));
  }
}
