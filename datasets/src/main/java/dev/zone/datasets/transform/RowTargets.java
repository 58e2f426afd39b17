package dev.zone.datasets.transform;

/** What the rows of a {@link RowSource} are to be predicted as. */
public interface RowTargets {
  /** The class's index, or the number for regression. */
  double target(int row);

  /** How many classes there are; 0 for regression. */
  int classes();
}
