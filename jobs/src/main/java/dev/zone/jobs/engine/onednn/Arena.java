package dev.zone.jobs.engine.onednn;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Places for blocks of which each is needed for some steps only: two that are needed in one step do
 * not overlap. The largest are placed first, each as far down as it can be, which is within a few
 * per cent of the least for networks (Pisarchyk and Lee, "Efficient Memory Management for Deep
 * Neural Net Inference", 2020).
 *
 * @param offsets where each block begins, in bytes
 * @param bytes of all
 */
record Arena(List<Long> offsets, long bytes) {
  /** Of a processor's cache lines, which vector instructions like to begin at. */
  private static final long ALIGNMENT = 64;

  Arena {
    offsets = List.copyOf(offsets);
  }

  /**
   * What is to be placed.
   *
   * @param bytes of it
   * @param first step that needs it
   * @param last step that needs it
   */
  record Block(long bytes, int first, int last) {
    boolean meets(Block other) {
      return first <= other.last && other.first <= last;
    }
  }

  static Arena of(List<Block> blocks) {
    Long[] offsets = new Long[blocks.size()];
    List<Integer> placed = new ArrayList<>();
    long end = 0;
    for (int i :
        IntStream.range(0, blocks.size())
            .boxed()
            .sorted(Comparator.comparing(i -> -blocks.get(i).bytes()))
            .toList()) {
      Block block = blocks.get(i);
      long at = 0;
      for (int other : placed) {
        if (block.meets(blocks.get(other))) {
          if (at + block.bytes <= offsets[other]) {
            break;
          }
          at = Math.max(at, aligned(offsets[other] + blocks.get(other).bytes));
        }
      }
      offsets[i] = at;
      placed.add(i);
      placed.sort(Comparator.comparing(other -> offsets[other]));
      end = Math.max(end, at + block.bytes);
    }
    return new Arena(List.of(offsets), end);
  }

  private static long aligned(long offset) {
    return (offset + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }
}
