package dev.zone.datasets.format;

import java.util.List;

/** Puts the records of other files behind those of one, row by row. */
final class SideBySide implements FieldSink {
  private final FieldSink sink;
  private final List<Beside> others;
  private int row;

  /** Another file, with its name for people. */
  record Beside(String name, HeldText text) {}

  SideBySide(FieldSink sink, List<Beside> others) {
    this.sink = sink;
    this.others = List.copyOf(others);
  }

  @Override
  public void begin(int line) {
    sink.begin(line);
  }

  @Override
  public void field(int index, char[] text, int from, int length, boolean quoted) {
    sink.field(index, text, from, length, quoted);
  }

  @Override
  public void end(int fields) {
    int index = fields;
    for (Beside other : others) {
      if (row >= other.text().rows()) {
        throw new FormatException(
            "Cannot join '%s': it has %d rows (expected as many as the file it stands beside)"
                .formatted(Texts.shown(other.name()), other.text().rows()));
      }
      for (int field = 0; field < other.text().fields(row); field++) {
        other.text().give(row, field, index++, sink);
      }
    }
    row++;
    sink.end(index);
  }

  /** Checks that all rows were joined. */
  void close() {
    for (Beside other : others) {
      if (row < other.text().rows()) {
        throw new FormatException(
            "Cannot join '%s': it has %d rows (expected %d as in the file it stands beside)"
                .formatted(Texts.shown(other.name()), other.text().rows(), row));
      }
    }
  }
}
