package dev.zone.launcher.bundle;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A dataset of presses, and lots for it of which one row in 122 is out of range. */
final class Presses {
  static final String NAME = "manufacturing/presses";

  private Presses() {}

  /** Writes its descriptor, {@code presses.yaml}. */
  static void describe(Path folder) throws IOException {
    Files.writeString(
        folder.resolve("presses.yaml"),
        """
        name: manufacturing/presses
        title: What presses do
        source: {format: delimited, files: [{path: '*.csv'}]}
        columns:
          torque: {unit: Nm, range: [0, 120], missing: false}
          at: {}
          state: {type: category, role: label, classes: {0: good, 1: worn}}
        feed: {rejectedShare: 0.1, key: [at]}
        licence: none stated
        citation: none
        """);
  }

  /** Writes a lot of so many rows, whose last thousand keys come again. */
  static void write(Path lot, int count) throws IOException {
    StringBuilder rows = new StringBuilder("torque,at,state\n");
    for (int row = 0; row < count; row++) {
      rows.append(row % 122).append(',').append(row % (count - 1000)).append(',').append(row % 2);
      rows.append('\n');
    }
    Files.createDirectories(lot.getParent());
    Files.writeString(lot, rows);
  }
}
