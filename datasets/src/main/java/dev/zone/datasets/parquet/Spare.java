package dev.zone.datasets.parquet;

/** Memory that one column after another is encoded in. */
final class Spare {
  private long[] numbers = new long[0];
  private int[] ids = new int[0];
  private final DistinctNumbers distinct = new DistinctNumbers();

  /** At least so many numbers, with anything in them. */
  long[] numbers(int least) {
    numbers = numbers.length < least ? new long[least] : numbers;
    return numbers;
  }

  /** At least so many numbers, with anything in them. */
  int[] ids(int least) {
    ids = ids.length < least ? new int[least] : ids;
    return ids;
  }

  /** None yet. */
  DistinctNumbers distinct() {
    distinct.clear();
    return distinct;
  }
}
