package dev.zone.jobs.engine.onednn;

import org.bytedeco.dnnl.memory;

/**
 * Values in native memory, in some layout.
 *
 * @param memory where they are
 * @param layout of the same sizes that the graph gives the node, in any order and blocks
 * @param shared whether others read the same memory later, so that it must not be written to
 */
record Tensor(memory memory, memory.desc layout, boolean shared) {

  /** What its numbers are. */
  memory.data_type type() {
    return layout.get_data_type();
  }

  /** The same, not to be written to. */
  Tensor protectedNow() {
    return new Tensor(memory, layout, true);
  }
}
