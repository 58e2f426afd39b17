package dev.zone.jobs.engine.graph;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The axes of one example's values, without the batch's: [features], [channels, height, width],
 * [columns, steps].
 */
public record Shape(List<Integer> axes) {
  public Shape {
    axes = List.copyOf(axes);
    if (axes.isEmpty() || axes.stream().anyMatch(size -> size < 1)) {
      throw new IllegalArgumentException(
          "Cannot have a shape of %s (expected axes of 1 or more)".formatted(axes));
    }
  }

  /** A shape of the given axes. */
  public static Shape of(int... axes) {
    return new Shape(IntStream.of(axes).boxed().toList());
  }

  /** Size of an axis. */
  public int axis(int index) {
    return axes.get(index);
  }

  /** How many axes. */
  public int rank() {
    return axes.size();
  }

  /** Values of one example. */
  public int elements() {
    return axes.stream().mapToInt(Integer::intValue).reduce(1, Math::multiplyExact);
  }

  /** The sizes with the batch's first. */
  public long[] withBatch(int batch) {
    long[] sizes = new long[axes.size() + 1];
    sizes[0] = batch;
    for (int i = 1; i < sizes.length; i++) {
      sizes[i] = axes.get(i - 1);
    }
    return sizes;
  }

  @Override
  public String toString() {
    return axes.stream().map(String::valueOf).collect(Collectors.joining("x"));
  }
}
