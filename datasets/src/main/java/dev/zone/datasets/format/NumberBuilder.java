package dev.zone.datasets.format;

import dev.zone.conf.ColumnSpec;
import dev.zone.datasets.Column;
import dev.zone.datasets.NumberColumn;
import java.util.function.Supplier;

/** Numbers within the descriptor's range. */
final class NumberBuilder extends ColumnBuilder {
  private static final int FEWEST = 16;

  /** Where rows stay in memory. */
  private final NumberColumn.Builder values = new NumberColumn.Builder();

  /** Where they are soon written: null, or the numbers so far. */
  private double[] flat;

  /** Where that array comes from and goes. */
  private Spares spares;

  private int size;
  private final double low;
  private final double high;
  private final char decimal;

  /** Of numbers that are written with a point. */
  NumberBuilder(String name, ColumnSpec spec, RowFaults faults, Supplier<String> where) {
    this(name, spec, faults, where, '.');
  }

  /**
   * @param decimal what stands before the decimals of a number
   */
  NumberBuilder(
      String name, ColumnSpec spec, RowFaults faults, Supplier<String> where, char decimal) {
    super(name, spec, faults, where);
    this.decimal = decimal;
    low = spec.range().map(range -> range.get(0)).orElse(Double.NEGATIVE_INFINITY);
    high = spec.range().map(range -> range.get(1)).orElse(Double.POSITIVE_INFINITY);
  }

  @Override
  void text(char[] text, int from, int length) {
    double value = Numerals.parse(text, from, length, decimal);
    if (Double.isNaN(value)) {
      fault(
          "not a number",
          "Cannot read column '%s': '%s' (expected a number)"
              .formatted(name(), Texts.shown(text, from, length)));
      skip();
    } else {
      number(value);
    }
  }

  /** Whether {@link #plain} takes what is written with a point. */
  boolean isPlain() {
    return decimal == '.' && flat != null;
  }

  @Override
  void number(double value) {
    if (Double.isNaN(value)) {
      missing();
      return;
    }
    if (Double.isInfinite(value)) {
      fault(
          "infinite",
          "Cannot use column '%s': %s (expected a finite number)".formatted(name(), value));
    } else if (value < low || value > high) {
      fault(
          "out of range",
          "Cannot use column '%s': %s (expected %s to %s)"
              .formatted(name(), Texts.number(value), Texts.number(low), Texts.number(high)));
    }
    add(value);
  }

  private void add(double value) {
    if (flat == null) {
      values.add(value);
      return;
    }
    if (size == flat.length) {
      grow();
    }
    flat[size++] = value;
  }

  private void grow() {
    double[] larger = spares.numbers(size + (size >> 1));
    System.arraycopy(flat, 0, larger, 0, size);
    flat = larger;
  }

  /**
   * The numbers do not stay in memory for long.
   *
   * @param rows about so many
   */
  NumberBuilder passing(int rows, Spares from) {
    spares = from;
    flat = from.numbers(Math.max(FEWEST, rows));
    return this;
  }

  /** Adds a number, which is finite, to those that do not stay. */
  void plain(double value) {
    if (value >= low && value <= high && size < flat.length) {
      flat[size++] = value;
    } else {
      number(value);
    }
  }

  /** Gives the numbers' memory to others: nobody looks at the column any more. */
  void release() {
    if (flat != null) {
      spares.give(flat);
    }
  }

  @Override
  void skip() {
    add(Double.NaN);
  }

  @Override
  int size() {
    return flat == null ? values.size() : size;
  }

  @Override
  Column build() {
    return flat == null ? values.build() : NumberColumn.flat(flat, size);
  }
}
