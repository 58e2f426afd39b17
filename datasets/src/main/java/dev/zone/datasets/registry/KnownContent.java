package dev.zone.datasets.registry;

import dev.zone.datasets.format.Pieces;
import java.util.Optional;
import java.util.function.Function;

/** Ends the reading of a file whose digest, once it is there, tells that nothing new is in it. */
@SuppressWarnings("serial") // Caught in this package.
final class KnownContent extends RuntimeException {
  private final FeedReport report;

  private KnownContent(FeedReport report) {
    super("known content", null, false, false);
    this.report = report;
  }

  /** What there is to say of the content. */
  FeedReport report() {
    return report;
  }

  /**
   * Waits for a digest, and looks.
   *
   * @param known what there is to say of content by its digest; empty if it is new
   * @throws KnownContent if it is not new
   */
  static void require(FileDigest digest, Function<String, Optional<FeedReport>> known) {
    known
        .apply(digest.get())
        .ifPresent(
            report -> {
              throw new KnownContent(report);
            });
  }

  /** The same pieces; between two of them it is looked as soon as the digest is there. */
  static Pieces watch(
      FileDigest digest, Pieces pieces, Function<String, Optional<FeedReport>> known) {
    return new Pieces() {
      private boolean looked;

      @Override
      public void inOrder(Piece piece) {
        if (!looked && digest.isThere()) {
          looked = true;
          require(digest, known);
        }
        pieces.inOrder(piece);
      }

      @Override
      public void take(Piece piece) {
        pieces.take(piece);
      }
    };
  }
}
