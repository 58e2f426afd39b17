package dev.zone.jobs.engine.onednn;

import dev.zone.jobs.engine.graph.Slice;
import org.bytedeco.dnnl.memory;

/**
 * The gradient of weights: written in place where a primitive writes in the flat vector's order.
 */
final class WeightGradient {
  private final Compilation plan;
  private final Tensor flat;
  private final Tensor written;

  /**
   * @param own order of the flat vector
   * @param layout that the primitive writes
   */
  WeightGradient(Compilation plan, Slice slice, memory.desc own, memory.desc layout) {
    this.plan = plan;
    this.flat = plan.gradientOf(slice, own);
    plan.own(layout);
    this.written = flat.layout().equals(layout) ? flat : plan.allocate(layout);
  }

  /** Where the primitive writes. */
  Tensor written() {
    return written;
  }

  /** Appends what brings it to the flat vector, after the primitive. */
  void deliver() {
    if (written != flat) {
      plan.copy(written, flat);
    }
  }
}
