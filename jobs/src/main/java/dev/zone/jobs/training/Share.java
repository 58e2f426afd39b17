package dev.zone.jobs.training;

/**
 * A rank's part of something cut among the ranks: consecutive, and none larger than another by more
 * than one.
 *
 * @param start index of the first element
 * @param end index after the last; {@code start} if the share is empty
 */
record Share(int start, int end) {
  static Share of(int rank, int ranks, int total) {
    return new Share(
        (int) ((long) total * rank / ranks), (int) ((long) total * (rank + 1) / ranks));
  }

  /** The largest share that any rank can have. */
  static int largest(int ranks, int total) {
    return (total + ranks - 1) / ranks;
  }

  int size() {
    return end - start;
  }
}
