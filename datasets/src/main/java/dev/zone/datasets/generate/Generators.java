package dev.zone.datasets.generate;

import dev.zone.conf.SourceSpec;
import dev.zone.conf.error.Problems;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The generators by name. The same specification gives the same values on every platform. */
public final class Generators {
  private Generators() {}

  /** Rows of a piece, so that memory does not grow with what is generated. */
  private static final int PIECE_VALUES = 4 << 20;

  /**
   * Generates rows, all at once.
   *
   * @param problems receives wrong parameters and more examples than fit into memory
   * @return no rows if there were problems
   */
  public static GeneratedColumns generate(SourceSpec.Generated source, Problems problems) {
    GeneratedColumns[] all = {nothing()};
    generate(source, Integer.MAX_VALUE, columns -> all[0] = columns, problems);
    return all[0];
  }

  /**
   * Generates the same rows in pieces.
   *
   * @param pieces takes some rows at a time, in order
   * @param problems receives wrong parameters; then there are no pieces
   */
  public static void stream(
      SourceSpec.Generated source, Consumer<GeneratedColumns> pieces, Problems problems) {
    generate(source, PIECE_VALUES, pieces, problems);
  }

  /** Finds what is wrong with a generator's parameters. */
  public static void check(SourceSpec.Generated source, Problems problems) {
    SourceSpec.Generated one =
        new SourceSpec.Generated(source.generator(), 1, source.seed(), source.parameters());
    stream(one, columns -> {}, problems);
  }

  /**
   * @param mostValues of a piece, about
   */
  private static void generate(
      SourceSpec.Generated source,
      int mostValues,
      Consumer<GeneratedColumns> pieces,
      Problems problems) {
    Problems own = new Problems();
    switch (source.generator()) {
      case WAFER_MAPS -> WaferMaps.generate(source, mostValues, pieces, own);
      case RUN_TO_FAILURE -> RunToFailure.generate(source, mostValues, pieces, own);
      case CAN_FRAMES -> CanFrames.generate(source, mostValues, pieces, own);
    }
    problems.addAll(own);
  }

  static GeneratedColumns nothing() {
    return new GeneratedColumns(0, Map.of(), Optional.empty(), Optional.empty());
  }
}
