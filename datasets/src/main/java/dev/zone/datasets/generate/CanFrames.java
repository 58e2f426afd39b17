package dev.zone.datasets.generate;

import dev.zone.conf.SourceSpec;
import dev.zone.conf.error.Problems;
import dev.zone.datasets.generate.GeneratedColumns.Column;
import dev.zone.datasets.generate.GeneratedColumns.Numbers;
import dev.zone.datasets.generate.GeneratedColumns.Texts;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Frames on a car's CAN bus, with attacks. Columns: {@code time} (seconds), {@code id}, {@code
 * byte0} to {@code byte7} (0 to 255), {@code label} (normal, dos, fuzzy or spoofing).
 *
 * <p>Control units send periodically what a driving car gives them, with counter and sum. An
 * attacker on the bus injects bursts, as in the recordings of Song, Woo and Kim, "In-vehicle
 * network intrusion detection using deep convolutional neural network" (Vehicular Communications
 * 21, 2020) and of Neto et al., CICIoV2024: floods of frames with the highest priority (dos),
 * random frames (fuzzy), and frames of a control unit with a false value (spoofing). Frames take
 * their time on the bus, so floods delay what the others send. A stealthy attacker uses real
 * identifiers and keeps counters and sums in order: then a single frame looks right, and only its
 * neighbours tell.
 *
 * <p>Parameters: {@code attackShare} of the frames, 0 to 0.9 (0.2); {@code stealth}, share of the
 * bursts that are stealthy, 0 to 1 (0.5).
 */
final class CanFrames {
  /** Of numbers: 1.6 GB. */
  private static final long VALUES_LIMIT = 200_000_000;

  private CanFrames() {}

  private static final int COLUMNS = 11;

  static void generate(
      SourceSpec.Generated source,
      int mostValues,
      Consumer<GeneratedColumns> pieces,
      Problems problems) {
    Parameters parameters = new Parameters("canFrames", source.parameters(), problems);
    double attackShare = parameters.number("attackShare", 0.2, 0, 0.9);
    double stealth = parameters.number("stealth", 0.5, 0, 1);
    parameters.refuseOthers();
    int each = parameters.perPiece(source.count(), "frames", COLUMNS, VALUES_LIMIT, mostValues);
    if (!problems.isEmpty()) {
      return;
    }
    CanBus bus = new CanBus(source.seed(), attackShare, stealth);
    for (int from = 0; from < source.count(); from += each) {
      pieces.accept(frames(bus, Math.min(each, source.count() - from)));
    }
  }

  private static GeneratedColumns frames(CanBus bus, int rows) {
    double[] time = new double[rows];
    double[] id = new double[rows];
    double[][] bytes = new double[8][rows];
    String[] label = new String[rows];
    for (int row = 0; row < rows; row++) {
      bus.next();
      // Microseconds, as loggers give them.
      time[row] = Math.rint(bus.time() * 1e6) / 1e6;
      id[row] = bus.id();
      label[row] = bus.label();
      for (int i = 0; i < 8; i++) {
        bytes[i][row] = bus.data()[i] & 255;
      }
    }
    Map<String, Column> columns = new LinkedHashMap<>();
    columns.put("time", new Numbers(time));
    columns.put("id", new Numbers(id));
    for (int i = 0; i < 8; i++) {
      columns.put("byte" + i, new Numbers(bytes[i]));
    }
    columns.put("label", new Texts(label));
    return new GeneratedColumns(rows, columns, Optional.empty(), Optional.of("time"));
  }
}
