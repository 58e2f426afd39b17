package dev.zone.datasets.generate;

import dev.zone.conf.SourceSpec;
import dev.zone.conf.error.Problems;
import java.util.Map;
import java.util.Optional;

/** The generators by name. The same specification gives the same values on every platform. */
public final class Generators {
  private Generators() {}

  /**
   * Generates rows.
   *
   * @param problems receives wrong parameters and more examples than fit into memory
   * @return no rows if there were problems
   */
  public static GeneratedColumns generate(SourceSpec.Generated source, Problems problems) {
    Problems own = new Problems();
    GeneratedColumns columns =
        switch (source.generator()) {
          case WAFER_MAPS -> WaferMaps.generate(source, own);
          case RUN_TO_FAILURE -> RunToFailure.generate(source, own);
          case CAN_FRAMES -> CanFrames.generate(source, own);
        };
    problems.addAll(own);
    return columns;
  }

  static GeneratedColumns nothing() {
    return new GeneratedColumns(0, Map.of(), Optional.empty(), Optional.empty());
  }
}
