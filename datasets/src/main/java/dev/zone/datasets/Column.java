package dev.zone.datasets;

/** One column's values in compact memory; immutable, safe for several threads. */
public sealed interface Column permits NumberColumn, CodedColumn, TensorColumn {
  /** Rows. */
  int size();
}
