package dev.zone.datasets.transform;

import dev.zone.conf.AugmentationSpec;
import dev.zone.conf.TransformSpec.Resize.Interpolation;
import dev.zone.conf.error.Problems;
import dev.zone.datasets.SeededRandom;
import java.util.List;

/**
 * Random changes of training examples, after the transforms. Draws depend on the seed given with
 * the example alone, and come from {@link SeededRandom}, so they are the same on every platform.
 *
 * <p>What moves an image (flip, rotate, shift, zoom) is composed, in the specification's order, to
 * one move that reads each pixel once; outside the image its edge is repeated. Flips and quarter
 * turns alone are exact. Otherwise the interpolation is bilinear, or nearest if a rotate of the
 * list says so (one of 0 degrees says it for shift and zoom): then each pixel keeps its channels
 * together, so that one-hot maps stay one-hot. After the move come the changes of values (noise,
 * brightness, jitter, magnitude), in their order.
 *
 * <p>Has its own buffers: one instance a thread, see {@link #copy}.
 */
public final class Augmentation {
  private final List<AugmentationSpec> specs;
  private final List<Integer> shape;
  private final int plane;
  private final boolean resamples;
  private final boolean nearest;
  private final Placement placement;
  private final SeededRandom random = new SeededRandom(0);
  private final float[] buffer;

  /**
   * @param shape of an example: [features], [columns, length] or [channels, height, width]
   * @throws IllegalArgumentException if {@link #check} finds problems
   */
  public Augmentation(List<AugmentationSpec> specs, List<Integer> shape) {
    Problems problems = new Problems();
    check(specs, shape, problems, "");
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(problems.list().get(0).message());
    }
    this.specs = List.copyOf(specs);
    this.shape = List.copyOf(shape);
    int elements = 1;
    for (int size : shape) {
      elements = Math.multiplyExact(elements, size);
    }
    plane = elements / shape.get(0);
    resamples = specs.stream().anyMatch(Augmentation::resamples);
    nearest =
        specs.stream()
            .anyMatch(
                spec ->
                    spec instanceof AugmentationSpec.Rotate rotate
                        && rotate.interpolation() == Interpolation.NEAREST);
    boolean moves = specs.stream().anyMatch(Augmentation::moves);
    placement = moves ? new Placement(shape.get(1), shape.get(2)) : new Placement(0, 0);
    buffer = new float[moves ? elements : 0];
  }

  /** The same for another thread. */
  public Augmentation copy() {
    return new Augmentation(specs, shape);
  }

  /**
   * Adds a problem for each change that the examples' shape does not allow.
   *
   * @param where place for the problems, such as {@code job.yaml:7:3}
   */
  public static void check(
      List<AugmentationSpec> specs, List<Integer> shape, Problems problems, String where) {
    for (AugmentationSpec spec : specs) {
      if (!suits(spec, shape)) {
        problems.add(
            where,
            "Cannot "
                + verb(spec)
                + ": shape "
                + shape
                + (moves(spec) || spec instanceof AugmentationSpec.Brightness
                    ? " (expected images [channels, height, width])"
                    : " (expected windows [columns, length] or features; noise is for images)"));
      } else if (spec instanceof AugmentationSpec.Rotate rotate
          && rotate.quarterTurns()
          && !shape.get(1).equals(shape.get(2))) {
        problems.add(
            where,
            "Cannot turn by quarters: images of height "
                + shape.get(1)
                + " and width "
                + shape.get(2)
                + " (expected square ones)");
      } else if (spec instanceof AugmentationSpec.Flip flip
          && !flip.horizontal()
          && !flip.vertical()) {
        problems.add(where, "Cannot flip: neither horizontal nor vertical (expected at least one)");
      }
    }
  }

  /** Whether the change is one for examples of this shape: images, or series and features. */
  public static boolean suits(AugmentationSpec spec, List<Integer> shape) {
    if (spec instanceof AugmentationSpec.Noise) {
      return true;
    }
    boolean image = moves(spec) || spec instanceof AugmentationSpec.Brightness;
    return image == (shape.size() == 3);
  }

  private static boolean moves(AugmentationSpec spec) {
    return spec instanceof AugmentationSpec.Flip
        || spec instanceof AugmentationSpec.Rotate
        || spec instanceof AugmentationSpec.Shift
        || spec instanceof AugmentationSpec.Zoom;
  }

  private static boolean resamples(AugmentationSpec spec) {
    return spec instanceof AugmentationSpec.Shift
        || spec instanceof AugmentationSpec.Zoom
        || (spec instanceof AugmentationSpec.Rotate rotate
            && !rotate.quarterTurns()
            && rotate.degrees() > 0);
  }

  private static String verb(AugmentationSpec spec) {
    if (spec instanceof AugmentationSpec.Flip) {
      return "flip";
    } else if (spec instanceof AugmentationSpec.Rotate) {
      return "rotate";
    } else if (spec instanceof AugmentationSpec.Shift) {
      return "shift";
    } else if (spec instanceof AugmentationSpec.Zoom) {
      return "zoom";
    } else if (spec instanceof AugmentationSpec.Brightness) {
      return "change the brightness";
    } else if (spec instanceof AugmentationSpec.Jitter) {
      return "jitter";
    }
    return "change the magnitude";
  }

  /**
   * Changes an example in place.
   *
   * @param example its values, exactly as many as the shape has
   * @param seed what the draws depend on, such as {@link SeededRandom#mix} of the job's seed, the
   *     epoch and the example's number
   */
  public void apply(float[] example, long seed) {
    if (example.length != plane * shape.get(0)) {
      throw new IllegalArgumentException(
          "Cannot augment " + example.length + " values (expected shape " + shape + ")");
    }
    random.reseed(seed);
    if (buffer.length > 0) {
      move(example);
    }
    for (int i = 0; i < specs.size(); i++) {
      AugmentationSpec spec = specs.get(i);
      if (spec instanceof AugmentationSpec.Noise noise) {
        addNoise(example, (float) noise.sigma());
      } else if (spec instanceof AugmentationSpec.Jitter jitter) {
        addNoise(example, (float) jitter.sigma());
      } else if (spec instanceof AugmentationSpec.Brightness brightness) {
        brighten(example, brightness);
      } else if (spec instanceof AugmentationSpec.Magnitude magnitude) {
        multiply(example, magnitude.sigma());
      }
    }
  }

  private void move(float[] example) {
    placement.reset();
    for (int i = 0; i < specs.size(); i++) {
      placement.draw(specs.get(i), random);
    }
    if (placement.isIdentity()) {
      return;
    }
    System.arraycopy(example, 0, buffer, 0, buffer.length);
    if (!resamples) {
      placement.permute(buffer, example);
    } else if (nearest) {
      placement.nearest(buffer, example);
    } else {
      placement.bilinear(buffer, example);
    }
  }

  private void addNoise(float[] example, float sigma) {
    for (int i = 0; i < example.length; i++) {
      example[i] += sigma * (float) random.nextGaussian();
    }
  }

  private void brighten(float[] example, AugmentationSpec.Brightness spec) {
    float times = (float) random.nextDouble(1 - spec.contrast(), 1 + spec.contrast());
    float plus = (float) random.nextDouble(-spec.delta(), spec.delta());
    for (int i = 0; i < example.length; i++) {
      example[i] = example[i] * times + plus;
    }
  }

  private void multiply(float[] example, double sigma) {
    for (int start = 0; start < example.length; start += plane) {
      float factor = (float) (1 + sigma * random.nextGaussian());
      for (int i = start; i < start + plane; i++) {
        example[i] *= factor;
      }
    }
  }
}
