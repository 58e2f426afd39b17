package dev.zone.jobs.engine.onednn;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.memory;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;

/**
 * The memory of a plan. Where a tensor lies is left open until the plan is complete; then those
 * that no step needs together get the same place. One that Java reads or writes has its place at
 * once, for itself.
 */
final class Memories {
  private final engine processor;
  private final Resources resources;
  private final Set<Storage> open = new LinkedHashSet<>();
  private int time;

  Memories(engine processor, Resources resources) {
    this.processor = processor;
    this.resources = resources;
  }

  /** What tensors share that are the same memory. */
  final class Storage {
    private final long bytes;
    private final List<memory> tensors = new ArrayList<>();
    private Optional<Pointer> address = Optional.empty();
    private int first = Integer.MAX_VALUE;
    private int last;

    private Storage(long bytes) {
      this.bytes = bytes;
      open.add(this);
    }

    /** Gives it a place of its own, filled with zeros. */
    void settle() {
      if (address.isEmpty()) {
        settle(reserved(bytes));
      }
    }

    private void settle(Pointer place) {
      address = Optional.of(place);
      open.remove(this);
      tensors.forEach(tensor -> tensor.set_data_handle(place));
    }

    private memory named(memory.desc layout) {
      memory tensor = own(new memory(layout, processor, address.orElse(new Pointer())));
      tensors.add(tensor);
      return tensor;
    }

    private void use() {
      first = Math.min(first, time);
      last = time;
    }
  }

  private <P extends Pointer> P own(P object) {
    return resources.own(object);
  }

  /** Memory that holds something only from the first step that is given it to the last. */
  Tensor allocate(memory.desc layout) {
    // Places that only pad blocks are read with the others, and have to be zeros.
    return hasGaps(layout) ? allocateApart(layout) : created(layout);
  }

  /** Memory of its own that begins with zeros and keeps what is in it. */
  Tensor allocateApart(memory.desc layout) {
    Tensor tensor = created(layout);
    tensor.settle();
    return tensor;
  }

  private Tensor created(memory.desc layout) {
    Storage storage = new Storage(layout.get_size());
    return new Tensor(storage.named(layout), layout, false, Optional.of(storage));
  }

  private static boolean hasGaps(memory.desc layout) {
    long numbers = 1;
    try (LongPointer sizes = layout.get_dims()) {
      for (long i = 0; i < sizes.limit(); i++) {
        numbers *= sizes.get(i);
      }
    }
    return layout.get_size() != numbers * width(layout.get_data_type().intern());
  }

  private static long width(memory.data_type type) {
    return switch (type) {
      case f32 -> Float.BYTES;
      case bf16 -> Short.BYTES;
      case u8 -> Byte.BYTES;
      default -> throw new IllegalArgumentException("Cannot tell the width of " + type);
    };
  }

  private Pointer reserved(long bytes) {
    try {
      memory.desc layout =
          own(
              new memory.desc(
                  new long[] {Math.max(1, bytes)}, memory.data_type.u8, new long[] {1}));
      Pointer place = own(new memory(layout, processor)).get_data_handle();
      Pointer.memset(place, 0, bytes);
      return place;
    } catch (RuntimeException e) {
      OutOfMemoryError failure =
          new OutOfMemoryError(
              "Cannot allocate %d MiB for the values of layers".formatted(bytes >> 20));
      failure.initCause(e);
      throw failure;
    }
  }

  /** Somebody else's memory. */
  Tensor at(memory.desc layout, Pointer address) {
    memory tensor = own(new memory(layout, processor, address));
    return new Tensor(tensor, layout, true, Optional.empty());
  }

  /** The same memory read another way. */
  Tensor viewed(Tensor tensor, memory.desc layout) {
    memory same =
        tensor
            .storage()
            .map(storage -> storage.named(layout))
            .orElseGet(() -> own(new memory(layout, processor, tensor.memory().get_data_handle())));
    return new Tensor(same, layout, tensor.shared(), tensor.storage());
  }

  /** To be called with what the next step reads or writes. */
  void use(Tensor tensor) {
    tensor.storage().ifPresent(Storage::use);
  }

  /** To be called when a step has been added. */
  void advance() {
    time++;
  }

  /** Gives all their places; the plan is complete. */
  void settle() {
    if (open.isEmpty()) {
      return;
    }
    List<Storage> all = List.copyOf(open);
    Arena arena =
        Arena.of(all.stream().map(one -> new Arena.Block(one.bytes, one.first, one.last)).toList());
    FloatPointer place = new FloatPointer(reserved(arena.bytes()));
    for (int i = 0; i < all.size(); i++) {
      all.get(i).settle(place.getPointer(arena.offsets().get(i) / Float.BYTES));
    }
  }
}
