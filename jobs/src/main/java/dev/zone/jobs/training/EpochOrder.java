package dev.zone.jobs.training;

import dev.zone.datasets.SeededRandom;

/**
 * The order of an epoch's examples: a shuffle that depends on seed and epoch alone, the same on
 * every rank.
 */
final class EpochOrder {
  private static final long STREAM = 0x6F72646572L; // "order"

  private final int[] order;

  private EpochOrder(int[] order) {
    this.order = order;
  }

  /**
   * @param examples of the training split
   * @param epoch from 0
   */
  static EpochOrder of(int examples, long seed, int epoch) {
    int[] order = new int[examples];
    SeededRandom random = new SeededRandom(SeededRandom.mix(seed, STREAM, epoch));
    for (int i = 0; i < examples; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return new EpochOrder(order);
  }

  /** The example at a place of the epoch. */
  int example(int place) {
    return order[place];
  }
}
