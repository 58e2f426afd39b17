package dev.zone.jobs.model;

import java.io.Serializable;
import java.util.List;

/**
 * How prepared values of one input become the network's array.
 *
 * @param name the input's name, for messages
 * @param shape of the prepared values without the example axis: [features], [channels, height,
 *     width], [columns, length]
 * @param axes what the network wants
 */
public record InputLayout(String name, List<Integer> shape, Axes axes) implements Serializable {
  public InputLayout {
    shape = List.copyOf(shape);
  }

  /** Order of the axes that the network wants. */
  public enum Axes {
    /** As prepared: [batch, shape…]. */
    AS_IS,
    /** All values of an example in a row: [batch, elements]. */
    FLAT,
    /** The first axis last: [batch, height, width, channels], [batch, length, columns]. */
    CHANNELS_LAST
  }

  /** Whether the network reads steps of [columns, steps], in either order. */
  public boolean isWindow() {
    return shape.size() == 2 && axes != Axes.FLAT;
  }

  /** Values of one example. */
  public int elements() {
    return shape.stream().mapToInt(Integer::intValue).reduce(1, Math::multiplyExact);
  }
}
