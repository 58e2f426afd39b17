package dev.zone.datasets.format;

import dev.zone.conf.error.Problem;
import dev.zone.conf.error.Problems;
import java.util.List;

/**
 * A file's pieces.
 *
 * @param pieces in order, the same that {@link TableReader#admit} reads; none of a file that cannot
 *     be used
 * @param problems what is wrong with the file behind its pieces, or as a whole
 */
public record FilePlan(List<FilePiece> pieces, List<Problem> problems) {
  /** Of a file that is read as a whole. */
  static final FilePlan WHOLE = new FilePlan(List.of(FilePiece.WHOLE), List.of());

  public FilePlan {
    pieces = List.copyOf(pieces);
    problems = List.copyOf(problems);
  }

  /** Whether the pieces can be read by themselves. */
  public boolean isCut() {
    return !pieces.equals(WHOLE.pieces());
  }

  /** Whether nothing of a file is looked at behind a piece that is wrong. */
  public boolean endsWithAWrongPiece() {
    return !pieces.isEmpty() && pieces.get(0).kind() == FilePiece.Kind.PARQUET;
  }

  /**
   * Tells what is wrong behind the pieces.
   *
   * @param file its name
   * @param records that all pieces had
   */
  public void end(String file, long records, Problems problems) {
    this.problems.forEach(problems::add);
    boolean text =
        !pieces.isEmpty()
            && (pieces.get(0).kind() == FilePiece.Kind.DELIMITED
                || pieces.get(0).kind() == FilePiece.Kind.JSON_LINES);
    if (text && this.problems.isEmpty()) {
      Faults.gather(file, problems, () -> DelimitedRows.checkAny(false, records));
    }
  }
}
