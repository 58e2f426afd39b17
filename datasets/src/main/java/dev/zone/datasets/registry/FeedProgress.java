package dev.zone.datasets.registry;

import dev.zone.datasets.format.Pieces;

/** Told how far a feed is. */
@FunctionalInterface
public interface FeedProgress {
  /** Tells nobody. */
  FeedProgress NONE = (file, rows) -> {};

  /**
   * @param file its name
   * @param rows of it that were read, the wrong ones too
   */
  void read(String file, long rows);

  /** The same pieces, whose rows are told. */
  default Pieces watch(String file, Pieces pieces) {
    return new Pieces() {
      private long rows;

      @Override
      public void inOrder(Piece piece) {
        pieces.inOrder(piece);
        rows += piece.table().rows();
        read(file, rows);
      }

      @Override
      public void take(Piece piece) {
        pieces.take(piece);
      }
    };
  }
}
