package dev.zone.datasets.format;

import dev.zone.conf.ColumnSpec;
import dev.zone.datasets.Column;
import java.util.function.Supplier;

/** Takes one column's values row by row, checks them against its descriptor, keeps them compact. */
abstract class ColumnBuilder {
  private final String name;
  private final ColumnSpec spec;
  private final RowFaults faults;
  private final Supplier<String> where;

  /**
   * @param where the row that is being read
   */
  ColumnBuilder(String name, ColumnSpec spec, RowFaults faults, Supplier<String> where) {
    this.name = name;
    this.spec = spec;
    this.faults = faults;
    this.where = where;
  }

  /** Adds a value written as text. */
  abstract void text(char[] text, int from, int length);

  /** Adds a number; NaN is missing. */
  abstract void number(double value);

  /** Adds a missing value without a check. */
  abstract void skip();

  abstract int size();

  /** How many numbers a row is. */
  int valuesOfARow() {
    return 1;
  }

  abstract Column build();

  final void text(String text) {
    text(text.toCharArray(), 0, text.length());
  }

  /** Adds a missing value. */
  final void missing() {
    if (!spec.missing()) {
      fault("missing value", "Cannot leave column '%s' empty (expected a value)".formatted(name));
    } else if (spec.role() == ColumnSpec.Role.LABEL && spec.remainingLife().isEmpty()) {
      fault("missing label", "Cannot use label '%s': it is missing".formatted(name));
    }
    skip();
  }

  final String name() {
    return name;
  }

  final ColumnSpec spec() {
    return spec;
  }

  /** Of the value that comes next. */
  final void fault(String kind, String message) {
    faults.add(size(), kind + " in column '" + name + "'", where, () -> message);
  }
}
