package dev.zone.jobs.training;

import dev.zone.jobs.collective.Collective;
import java.nio.FloatBuffer;

/**
 * What ranks tell each other at each step beside the gradient: losses, how long each computed, and
 * what rank 0 has decided for all. Every rank knows the same after it.
 */
final class StepControl {
  private static final int LOSS_HIGH = 0;
  private static final int LOSS_LOW = 1;
  private static final int CANCEL = 2;
  private static final int CHECKPOINT = 3;
  private static final int CLIPPED = 4;
  private static final int SECONDS = 5;

  private final Collective collective;
  private final FloatBuffer values;

  StepControl(Collective collective) {
    this.collective = collective;
    this.values = BatchAssembler.direct(SECONDS + collective.size());
  }

  /**
   * One rank's part.
   *
   * @param loss sum over the local batch
   * @param seconds that this rank computed
   * @param clipped numbers of the local gradient that were not finite and were replaced
   * @param cancel somebody wants the end; heeded from rank 0
   * @param checkpoint the state is to be saved after this step; heeded from rank 0
   */
  record Part(double loss, double seconds, int clipped, boolean cancel, boolean checkpoint) {}

  void exchange(Part mine) {
    // The loss in two floats, so that its sum is good to 48 bits.
    float high = (float) mine.loss();
    values.put(LOSS_HIGH, high);
    values.put(LOSS_LOW, Float.isFinite(high) ? (float) (mine.loss() - high) : 0);
    boolean first = collective.rank() == 0;
    values.put(CANCEL, first && mine.cancel() ? 1 : 0);
    values.put(CHECKPOINT, first && mine.checkpoint() ? 1 : 0);
    values.put(CLIPPED, mine.clipped());
    for (int rank = 0; rank < collective.size(); rank++) {
      values.put(SECONDS + rank, rank == collective.rank() ? (float) mine.seconds() : 0);
    }
    collective.allReduce(values);
  }

  /** Sum of the loss over the global batch. */
  double loss() {
    return (double) values.get(LOSS_HIGH) + values.get(LOSS_LOW);
  }

  boolean isCancelled() {
    return values.get(CANCEL) != 0;
  }

  boolean isCheckpoint() {
    return values.get(CHECKPOINT) != 0;
  }

  /** Numbers of all local gradients that were replaced. */
  int clipped() {
    return (int) values.get(CLIPPED);
  }

  /** How long a rank computed. */
  double seconds(int rank) {
    return values.get(SECONDS + rank);
  }
}
