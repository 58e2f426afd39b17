package dev.zone.jobs.training;

import dev.zone.conf.TaskSpec;
import dev.zone.datasets.ExampleSet;
import dev.zone.datasets.PreparedManifest.Input;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Random examples for a task, in memory. */
final class RandomExamples implements ExampleSet {
  private final int size;
  private final int width;
  private final int steps;
  private final List<Input> shapes;
  private final List<float[]> inputs = new ArrayList<>();
  private final float[] targets;
  private final int[] padding;

  /**
   * @param outputs classes of a multiclass task, else width of the target
   * @param steps targets of an example
   */
  RandomExamples(TaskSpec task, List<Input> shapes, int outputs, int size, int steps) {
    this.size = size;
    this.steps = steps;
    this.shapes = shapes;
    this.width = task instanceof TaskSpec.Multiclass ? 1 : outputs;
    Random random = new Random(17);
    padding = new int[size];
    for (Input shape : shapes) {
      float[] values = new float[size * shape.elements()];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) random.nextGaussian();
      }
      inputs.add(values);
      if (shape.masked()) {
        pad(values, shape, random);
      }
    }
    targets = new float[size * steps * width];
    for (int i = 0; i < targets.length; i++) {
      if (task instanceof TaskSpec.Multiclass) {
        // Two in three are of class 0, so that weights of classes matter.
        targets[i] = Math.max(0, random.nextInt(3 * outputs) - 2 * outputs);
      } else if (task instanceof TaskSpec.Regression) {
        targets[i] = (float) random.nextGaussian();
      } else {
        targets[i] = random.nextInt(2);
      }
    }
  }

  /** Shortens two in three of the series, some to one step. */
  private void pad(float[] values, Input shape, Random random) {
    int steps = shape.shape().get(1);
    for (int example = 0; example < size; example++) {
      padding[example] = example % 3 == 0 ? 0 : random.nextInt(steps);
      for (int i = 0; i < shape.elements(); i++) {
        if (i % steps >= steps - padding[example]) {
          values[example * shape.elements() + i] = 0;
        }
      }
    }
  }

  @Override
  public int paddedSteps(int example) {
    return padding[example];
  }

  @Override
  public int size() {
    return size;
  }

  /** Floats of a target. */
  int width() {
    return width;
  }

  float target(int example, int step, int k) {
    return targets[(example * steps + step) * width + k];
  }

  /** Targets of an example that do not count. */
  int targetPadding(int example) {
    return steps == 1 ? 0 : padding[example];
  }

  long targetCount() {
    long count = 0;
    for (int i = 0; i < size; i++) {
      count += steps - targetPadding(i);
    }
    return count;
  }

  @Override
  public void copyInput(int example, int input, FloatBuffer into) {
    int elements = shapes.get(input).elements();
    into.put(inputs.get(input), example * elements, elements);
  }

  @Override
  public void copyTarget(int example, FloatBuffer into) {
    into.put(targets, example * steps * width, steps * width);
  }

  @Override
  public String origin(int example) {
    return "random:" + example;
  }
}
