package dev.zone.datasets.format;

import dev.zone.conf.ColumnSpec;
import dev.zone.datasets.Column;
import dev.zone.datasets.TensorColumn;
import java.util.List;
import java.util.function.Supplier;

/** Arrays of the descriptor's shape, their values within its range. */
final class TensorBuilder extends ColumnBuilder {
  private final TensorColumn.Builder values;
  private final boolean ranged;
  private final double low;
  private final double high;

  TensorBuilder(String name, ColumnSpec spec, RowFaults faults, Supplier<String> where) {
    super(name, spec, faults, where);
    values = new TensorColumn.Builder(spec.shape().orElse(List.of(1)));
    ranged = spec.range().isPresent();
    low = spec.range().map(range -> range.get(0)).orElse(Double.NEGATIVE_INFINITY);
    high = spec.range().map(range -> range.get(1)).orElse(Double.POSITIVE_INFINITY);
  }

  int elements() {
    return values.elements();
  }

  void row(byte[] row, int from) {
    if (ranged) {
      for (int i = from; i < from + values.elements(); i++) {
        int value = row[i] & 0xff;
        if (value < low || value > high) {
          outOfRange(value);
          break;
        }
      }
    }
    values.add(row, from);
  }

  void row(float[] row, int from) {
    for (int i = from; i < from + values.elements(); i++) {
      float value = row[i];
      if (Float.isInfinite(value) || (Float.isNaN(value) && !spec().missing())) {
        fault(
            "not finite",
            "Cannot use column '%s': %s (expected finite numbers)".formatted(name(), value));
        break;
      }
      if (value < low || value > high) {
        outOfRange(value);
        break;
      }
    }
    values.add(row, from);
  }

  private void outOfRange(double value) {
    fault(
        "out of range",
        "Cannot use column '%s': %s (expected %s to %s)"
            .formatted(name(), Texts.number(value), Texts.number(low), Texts.number(high)));
  }

  @Override
  void text(char[] text, int from, int length) {
    fault(
        "text for a tensor",
        "Cannot read column '%s': '%s' (expected an array, which delimited text cannot hold)"
            .formatted(name(), Texts.shown(text, from, length)));
    skip();
  }

  @Override
  void number(double value) {
    row(new float[] {(float) value}, 0);
  }

  @Override
  void skip() {
    values.add(new byte[values.elements()], 0);
  }

  @Override
  int valuesOfARow() {
    return elements();
  }

  @Override
  int size() {
    return values.size();
  }

  @Override
  Column build() {
    return values.build();
  }
}
