package dev.zone.jobs.engine.onednn;

import java.util.Optional;
import org.bytedeco.dnnl.memory;
import org.bytedeco.javacpp.Pointer;

/**
 * Values in native memory, in some layout.
 *
 * @param memory where they are
 * @param layout of the same sizes that the graph gives the node, in any order and blocks
 * @param shared whether others read the same memory later, so that it must not be written to
 * @param storage the memory itself, if it is the plan's
 */
record Tensor(
    memory memory, memory.desc layout, boolean shared, Optional<Memories.Storage> storage) {

  /** What its numbers are. */
  memory.data_type type() {
    return layout.get_data_type().intern();
  }

  /** The same, not to be written to. */
  Tensor protectedNow() {
    return new Tensor(memory, layout, true, storage);
  }

  /** Gives it its place now, for itself alone. */
  void settle() {
    storage.ifPresent(Memories.Storage::settle);
  }

  /** Where it is, from now on. */
  Pointer address() {
    settle();
    return memory.get_data_handle();
  }
}
