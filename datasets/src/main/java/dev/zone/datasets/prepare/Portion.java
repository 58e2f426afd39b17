package dev.zone.datasets.prepare;

/** Which rows a training gets. */
public sealed interface Portion {
  /** As the split is declared. */
  record Declared() implements Portion {}

  /**
   * One fold of a cross-validation: the fold is the test split, the rest trains, less the share for
   * validation. Rows that a file gives to the test split are in no fold.
   *
   * @param number from 1
   */
  record Fold(int number, int of) implements Portion {
    public Fold {
      if (of < 2 || number < 1 || number > of) {
        throw new IllegalArgumentException(
            "Cannot use fold: %d of %d (expected 1 to the number of folds)".formatted(number, of));
      }
    }
  }

  /** All rows of all folds train, less the share for validation: for the model that is kept. */
  record Everything() implements Portion {}
}
