package dev.zone.datasets.format;

import dev.zone.datasets.Table;

/** Takes the rows of files that are admitted, some at a time. */
public interface Pieces {
  /**
   * Rows of files, good and bad.
   *
   * @param index of the piece, from 0 in the order of the rows
   * @param table all rows; of one that is rejected the values say nothing
   * @param rejections the bad ones
   */
  record Piece(int index, Table table, Rejections rejections) {}

  /** Called for one piece after another: what looks beyond a piece may reject more rows. */
  void inOrder(Piece piece);

  /** Called after {@link #inOrder}, for several pieces at the same time. */
  void take(Piece piece);
}
