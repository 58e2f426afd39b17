package dev.zone.datasets.registry;

import dev.zone.datasets.PreparedManifest.Finding;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a feed came to.
 *
 * @param id of the feed's folder, where rows that were set aside are; empty if there is none
 * @param feed as the version holds it; empty if there is none
 * @param files what was read, those that were fed before left out
 * @param skipped names of files that were fed before
 * @param reasons of rows that were set aside, as often as each was the first
 * @param findings what may mislead whoever trains on the rows
 */
public record FeedReport(
    Outcome outcome,
    Optional<String> id,
    Optional<Feed> feed,
    List<FedFile> files,
    List<String> skipped,
    Map<String, Integer> reasons,
    List<Finding> findings) {
  public FeedReport {
    findings = List.copyOf(findings);
    files = List.copyOf(files);
    skipped = List.copyOf(skipped);
  }

  /** What became of a feed. */
  public enum Outcome {
    /** A new version has its rows. */
    COMMITTED,
    /** All its files were fed before; the feed that did is told. */
    FED_BEFORE,
    /** It was only tried. */
    TRIED,
    /** More rows are wrong than the descriptor allows, or all are. */
    REFUSED
  }

  public long rows() {
    return files.stream().mapToLong(FedFile::rows).sum();
  }

  public long rejected() {
    return files.stream().mapToLong(FedFile::rejected).sum();
  }

  /** The same reading with another end. */
  FeedReport ended(Outcome end, Optional<String> folder, Optional<Feed> held) {
    return new FeedReport(
        end,
        folder,
        held,
        end == Outcome.FED_BEFORE ? List.of() : files,
        skipped,
        reasons,
        findings);
  }
}
