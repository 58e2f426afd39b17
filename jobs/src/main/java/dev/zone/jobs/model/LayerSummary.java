package dev.zone.jobs.model;

import java.io.Serializable;
import java.util.List;

/**
 * One row of the table of a network's layers.
 *
 * @param name of the layer or vertex
 * @param type such as {@code ConvolutionLayer}
 * @param outputShape of one example, such as [16, 32, 32]
 * @param parameters learnt numbers, running statistics included
 */
public record LayerSummary(String name, String type, List<Long> outputShape, long parameters)
    implements Serializable {
  public LayerSummary {
    outputShape = List.copyOf(outputShape);
  }

  /** Values of one example. */
  public long elements() {
    return outputShape.stream().mapToLong(Long::longValue).reduce(1, Math::multiplyExact);
  }
}
