package dev.zone.jobs.training;

import dev.zone.datasets.ExampleSet;
import dev.zone.datasets.PreparedManifest.Input;
import dev.zone.datasets.SeededRandom;
import dev.zone.jobs.engine.Batch;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Optional;
import java.util.function.IntUnaryOperator;

/**
 * Copies examples into buffers that live as long as the rank. A batch is valid until the next one
 * is assembled.
 */
final class BatchAssembler {
  private static final long STREAM = 0x6175676D656E74L; // "augment"

  private final List<Input> shapes;
  private final TargetLayout layout;

  /** Targets of an example. */
  private final int steps;

  /** Numbers of an example's targets, as the loss has them. */
  private final int outputs;

  private final float[] classWeights;
  private final List<FloatBuffer> inputs;
  private final FloatBuffer targets;
  private final FloatBuffer weights;

  /** Steps of a masked window; 0 if no input is masked. */
  private final int maskedSteps;

  private final FloatBuffer mask;
  private final float[] target;
  private final List<float[]> scratch;

  /**
   * @param largest examples of the largest batch
   * @param classWeights weight of each class in training batches; empty if all are 1
   */
  BatchAssembler(Job job, int largest, int outputs, float[] classWeights) {
    this.shapes = job.inputs();
    this.steps = job.manifest().targetSteps();
    this.layout = new TargetLayout(job.task(), job.training(), outputs, steps);
    this.outputs = Math.multiplyExact(outputs, steps);
    this.classWeights = classWeights.clone();
    this.inputs =
        shapes.stream()
            .map(shape -> direct(Math.multiplyExact(largest, shape.elements())))
            .toList();
    this.targets = direct(Math.multiplyExact(largest, this.outputs));
    this.weights = direct(Math.multiplyExact(largest, steps));
    this.maskedSteps =
        shapes.stream()
            .filter(Input::masked)
            .mapToInt(input -> input.shape().get(input.shape().size() - 1))
            .max()
            .orElse(0);
    this.mask = direct(Math.multiplyExact(largest, maskedSteps));
    this.target = new float[Math.multiplyExact(steps, job.targetWidth())];
    this.scratch = shapes.stream().map(shape -> new float[shape.elements()]).toList();
  }

  TargetLayout layout() {
    return layout;
  }

  /**
   * A batch for training.
   *
   * @param example the example at each place of the batch
   * @param augmenters one an input, or none
   * @param seed of this epoch's augmentation; each example draws for itself
   */
  Batch training(
      ExampleSet examples,
      int size,
      IntUnaryOperator example,
      List<Augmenter> augmenters,
      long seed) {
    boolean masked = false;
    for (int i = 0; i < size; i++) {
      int index = example.applyAsInt(i);
      masked |= mask(examples, index, i);
      examples.copyTarget(index, FloatBuffer.wrap(target));
      layout.write(target, targets, i * outputs);
      for (int t = 0; t < steps && classWeights.length > 0; t++) {
        weights.put(i * steps + t, classWeights[Math.round(target[t])]);
      }
    }
    // By themselves: what is read here and there in between would be waited for each time.
    for (int i = 0; i < size; i++) {
      int index = example.applyAsInt(i);
      for (int k = 0; k < shapes.size(); k++) {
        copyInput(examples, index, k, i, augmenters, seed);
      }
    }
    return batch(size, classWeights.length > 0, masked);
  }

  private void copyInput(
      ExampleSet examples, int index, int k, int place, List<Augmenter> augmenters, long seed) {
    FloatBuffer into = inputs.get(k);
    float[] values = scratch.get(k);
    into.position(place * values.length);
    if (augmenters.isEmpty()) {
      examples.copyInput(index, k, into);
    } else {
      examples.copyInput(index, k, FloatBuffer.wrap(values));
      augmenters.get(k).augment(values, SeededRandom.mix(seed, STREAM + k, index));
      into.put(values);
    }
    into.position(0);
  }

  /** A batch of consecutive examples, as they are, with weight 1, for prediction. */
  Batch plain(ExampleSet examples, int from, int size) {
    for (int k = 0; k < shapes.size(); k++) {
      FloatBuffer into = inputs.get(k);
      into.position(0);
      for (int i = 0; i < size; i++) {
        examples.copyInput(from + i, k, into);
      }
      into.position(0);
    }
    boolean masked = false;
    for (int i = 0; i < size; i++) {
      masked |= mask(examples, from + i, i);
    }
    return batch(size, false, masked);
  }

  /**
   * Writes an example's row of the mask.
   *
   * @return whether it hides a step
   */
  private boolean mask(ExampleSet examples, int index, int place) {
    if (maskedSteps == 0) {
      return false;
    }
    int padding = examples.paddedSteps(index);
    for (int t = 0; t < maskedSteps; t++) {
      mask.put(place * maskedSteps + t, t < maskedSteps - padding ? 1 : 0);
    }
    return padding > 0;
  }

  /**
   * @param masked false if the mask would hide nothing, which the engine does faster without
   */
  private Batch batch(int size, boolean weighted, boolean masked) {
    return new Batch(
        size,
        inputs,
        targets,
        weighted ? Optional.of(weights) : Optional.empty(),
        masked ? Optional.of(mask) : Optional.empty());
  }

  static FloatBuffer direct(int floats) {
    return ByteBuffer.allocateDirect(Math.multiplyExact(floats, Float.BYTES))
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }
}
