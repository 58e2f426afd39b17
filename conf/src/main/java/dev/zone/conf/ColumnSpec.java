package dev.zone.conf;

import dev.zone.conf.yaml.Default;
import dev.zone.conf.yaml.Doc;
import dev.zone.conf.yaml.Range;
import dev.zone.conf.yaml.Size;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A column: type, role, and what its values may be. */
@Doc("A column.")
public record ColumnSpec(
    @Doc("number, category, text, timestamp, or tensor (images, maps, arrays).") @Default("number")
        Type type,
    @Doc("input, label, group, time, identifier or ignored.") @Default("input") Role role,
    @Doc("Shape of a tensor as it lies: [height, width], [height, width, channels] or [length].")
        @Range(min = 1)
        @Size(min = 1, max = 3) Optional<List<Integer>> shape,
    @Doc("Smallest and largest value.") @Size(min = 2, max = 2) Optional<List<Double>> range,
    @Doc(
            "Classes in order: value in the file to name of the class. Required for labels of classes.")
        @Default("{}")
        Map<String, String> classes,
    @Doc("Unit, for people.") Optional<String> unit,
    @Doc("Whether values may be missing.") @Default("true") boolean missing,
    @Doc("How a timestamp is written, as java.time has it: dd/MM/yyyy HH:mm:ss.")
        Optional<String> pattern,
    @Doc("The column is computed: rows left until the group's last.")
        Optional<RemainingLife> remainingLife,
    @Doc("The column is computed: the row's number in its file, from 1.") @Default("false")
        boolean rowNumber) {
  public ColumnSpec {
    shape = shape.map(List::copyOf);
    range = range.map(List::copyOf);
    classes = Copies.ordered(classes);
  }

  /** A column whose values are not the rows' numbers. */
  public ColumnSpec(
      Type type,
      Role role,
      Optional<List<Integer>> shape,
      Optional<List<Double>> range,
      Map<String, String> classes,
      Optional<String> unit,
      boolean missing,
      Optional<String> pattern,
      Optional<RemainingLife> remainingLife) {
    this(type, role, shape, range, classes, unit, missing, pattern, remainingLife, false);
  }

  /** The same column, whose values nobody reads. */
  public ColumnSpec ignored() {
    return new ColumnSpec(
        type,
        Role.IGNORED,
        shape,
        range,
        classes,
        unit,
        missing,
        pattern,
        remainingLife,
        rowNumber);
  }

  /** Whether no file holds the column. */
  public boolean isComputed() {
    return rowNumber || remainingLife.filter(life -> !life.given()).isPresent();
  }

  public enum Type {
    NUMBER,
    CATEGORY,
    TEXT,
    TIMESTAMP,
    TENSOR
  }

  public enum Role {
    INPUT,
    LABEL,
    GROUP,
    TIME,
    IDENTIFIER,
    IGNORED
  }

  @Doc(
      "Remaining useful life: the group's last time minus the row's, plus what is left at the last row.")
  public record RemainingLife(
      @Doc("Column that tells the units apart.") String group,
      @Doc("Column that counts cycles.") String time,
      @Doc(
              "For splits whose units are cut short: a file with one number a unit, in the units' order, left at the last row.")
          @Default("{}")
          Map<SplitSpec.Split, String> atEnd,
      @Doc("Whether files hold the column too: it is computed where its value is missing.")
          @Default("false")
          boolean given) {
    public RemainingLife {
      atEnd = Copies.ordered(atEnd);
    }

    /** Of a column that no file holds. */
    public RemainingLife(String group, String time, Map<SplitSpec.Split, String> atEnd) {
      this(group, time, atEnd, false);
    }
  }
}
