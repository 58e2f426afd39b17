package dev.zone.datasets;

import dev.zone.conf.ColumnSpec;
import dev.zone.conf.ColumnSpec.Role;
import dev.zone.conf.DatasetName;
import dev.zone.conf.DatasetSpec;
import dev.zone.conf.SourceSpec;
import dev.zone.conf.SourceSpec.FileSpec;
import dev.zone.conf.SplitSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Descriptors for tests. */
public final class DatasetBuilder {
  public static final List<String> MISSING = List.of("", "NaN", "nan", "NA", "null");
  public static final SplitSpec NO_SPLIT =
      new SplitSpec(List.of(), 0, 0, Optional.empty(), Optional.empty(), Optional.empty(), 1);

  private final Map<String, ColumnSpec> columns = new LinkedHashMap<>();
  private SourceSpec source = delimited(file("data.csv"));
  private SplitSpec split = NO_SPLIT;
  private DatasetSpec.FeedSpec feed = new DatasetSpec.FeedSpec(0.5, List.of(), Optional.empty());

  public static FileSpec file(String path) {
    return file(path, null);
  }

  public static FileSpec file(String path, SplitSpec.Split split) {
    return new FileSpec(
        path,
        Optional.ofNullable(split),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Map.of(),
        Optional.empty());
  }

  public static SourceSpec.Delimited delimited(FileSpec... files) {
    return new SourceSpec.Delimited(List.of(files), ",", true, "UTF-8", MISSING);
  }

  public static SplitSpec share(double validation, double test, String stratify) {
    return new SplitSpec(
        List.of(),
        validation,
        test,
        Optional.empty(),
        Optional.ofNullable(stratify),
        Optional.empty(),
        1);
  }

  public DatasetBuilder source(SourceSpec spec) {
    source = spec;
    return this;
  }

  public DatasetBuilder feed(DatasetSpec.FeedSpec spec) {
    feed = spec;
    return this;
  }

  public DatasetBuilder split(SplitSpec spec) {
    split = spec;
    return this;
  }

  public DatasetBuilder number(String name) {
    return column(name, ColumnSpec.Type.NUMBER, Role.INPUT);
  }

  public DatasetBuilder column(String name, ColumnSpec.Type type, Role role) {
    return column(name, column(type, role));
  }

  public DatasetBuilder column(String name, ColumnSpec spec) {
    columns.put(name, spec);
    return this;
  }

  /** A label with classes, given as value and name after one another. */
  public DatasetBuilder label(String name, String... classes) {
    Map<String, String> map = new LinkedHashMap<>();
    for (int i = 0; i < classes.length; i += 2) {
      map.put(classes[i], classes[i + 1]);
    }
    return column(
        name,
        new ColumnSpec(
            ColumnSpec.Type.CATEGORY,
            Role.LABEL,
            Optional.empty(),
            Optional.empty(),
            map,
            Optional.empty(),
            true,
            Optional.empty(),
            Optional.empty()));
  }

  public DatasetBuilder tensor(String name, Integer... shape) {
    return column(
        name,
        new ColumnSpec(
            ColumnSpec.Type.TENSOR,
            Role.INPUT,
            Optional.of(List.of(shape)),
            Optional.empty(),
            Map.of(),
            Optional.empty(),
            true,
            Optional.empty(),
            Optional.empty()));
  }

  public static ColumnSpec column(ColumnSpec.Type type, Role role) {
    return new ColumnSpec(
        type,
        role,
        Optional.empty(),
        Optional.empty(),
        Map.of(),
        Optional.empty(),
        true,
        Optional.empty(),
        Optional.empty());
  }

  public static ColumnSpec ranged(double low, double high, boolean missing) {
    return new ColumnSpec(
        ColumnSpec.Type.NUMBER,
        Role.INPUT,
        Optional.empty(),
        Optional.of(List.of(low, high)),
        Map.of(),
        Optional.empty(),
        missing,
        Optional.empty(),
        Optional.empty());
  }

  public static ColumnSpec timestamp(String pattern) {
    return new ColumnSpec(
        ColumnSpec.Type.TIMESTAMP,
        Role.TIME,
        Optional.empty(),
        Optional.empty(),
        Map.of(),
        Optional.empty(),
        true,
        Optional.ofNullable(pattern),
        Optional.empty());
  }

  public static ColumnSpec rowNumber() {
    return new ColumnSpec(
        ColumnSpec.Type.NUMBER,
        Role.TIME,
        Optional.empty(),
        Optional.empty(),
        Map.of(),
        Optional.empty(),
        true,
        Optional.empty(),
        Optional.empty(),
        true);
  }

  public static ColumnSpec remainingLife(
      String group, String time, Map<SplitSpec.Split, String> atEnd) {
    return new ColumnSpec(
        ColumnSpec.Type.NUMBER,
        Role.LABEL,
        Optional.empty(),
        Optional.empty(),
        Map.of(),
        Optional.empty(),
        true,
        Optional.empty(),
        Optional.of(new ColumnSpec.RemainingLife(group, time, atEnd)));
  }

  public DatasetSpec build() {
    return new DatasetSpec(
        DatasetName.parse("chip/test"),
        "Test data",
        Optional.empty(),
        source,
        columns,
        split,
        feed,
        "none stated",
        "none",
        Optional.empty());
  }
}
