package dev.zone.datasets.format;

import dev.zone.conf.DatasetRules;
import dev.zone.conf.DatasetSpec;
import dev.zone.conf.error.Problem;
import dev.zone.conf.error.Problems;
import dev.zone.conf.yaml.Bound;
import dev.zone.conf.yaml.YamlBinder;
import dev.zone.datasets.CodedColumn;
import dev.zone.datasets.Column;
import dev.zone.datasets.NumberColumn;
import dev.zone.datasets.Table;
import dev.zone.datasets.TensorColumn;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Rows as a feed admits them, written out: a line each. */
final class Admitted implements Pieces {
  final List<String> good = new ArrayList<>();

  /** Where, text as it was written, and the first reason. */
  final List<String> bad = new ArrayList<>();

  List<String> problems = List.of();
  private int pieces;

  static DatasetSpec descriptor(String source, String columns) {
    Problems problems = new Problems();
    Bound<DatasetSpec> bound =
        YamlBinder.parse(
                "name: chip/test\ntitle: t\nsource: %s\ncolumns: {%s}\nlicence: l\ncitation: c\n"
                    .formatted(source, columns),
                "x.yaml",
                DatasetSpec.class,
                List.of(),
                problems)
            .orElseThrow(() -> new AssertionError(problems.list()));
    DatasetRules.check(bound.value(), bound.locations(), problems);
    if (!problems.isEmpty()) {
      throw new AssertionError(problems.list());
    }
    return bound.value();
  }

  /** The default limits with pieces of so many bytes. */
  static Limits pieces(int bytes) {
    Limits all = Limits.DEFAULT;
    return new Limits(
        all.entryBytes(),
        all.archiveBytes(),
        all.entries(),
        all.ratio(),
        all.ratioFromBytes(),
        all.fieldChars(),
        all.columns(),
        all.pixels(),
        bytes);
  }

  static Admitted of(DatasetSpec dataset, Path folder, Limits limits) {
    Admitted admitted = new Admitted();
    Problems problems = new Problems();
    TableReader.admit(dataset, folder, limits, admitted, problems);
    admitted.problems = problems.list().stream().map(Problem::toString).toList();
    return admitted;
  }

  int pieces() {
    return pieces;
  }

  @Override
  public void inOrder(Piece piece) {
    pieces++;
    piece.complete();
    for (int row = 0; row < piece.table().rows(); row++) {
      Rejections.Rejected rejected = piece.rejections().rows().get(row);
      if (rejected == null) {
        good.add(row(piece.table(), row));
      } else {
        bad.add(rejected.where() + " " + rejected.text() + " " + rejected.reasons().get(0));
      }
    }
  }

  @Override
  public void take(Piece piece) {}

  /** A row with where it comes from. */
  static String row(Table table, int row) {
    StringBuilder text = new StringBuilder(table.origins().text(row));
    for (Column column : table.columns().values()) {
      text.append(" | ").append(value(column, row));
    }
    return text.toString();
  }

  private static String value(Column column, int row) {
    if (column instanceof NumberColumn numbers) {
      return Double.toString(numbers.value(row));
    }
    if (column instanceof TensorColumn tensor) {
      float[] values = new float[tensor.elements()];
      tensor.read(row, values);
      return Arrays.toString(values);
    }
    CodedColumn coded = (CodedColumn) column;
    return coded.code(row) < 0 ? "-" : coded.values().get(coded.code(row));
  }

  /** Rows as training reads them, all at once. */
  static Optional<List<String>> whole(DatasetSpec dataset, Path folder, Problems problems) {
    return TableReader.read(dataset, folder, Limits.DEFAULT, problems)
        .map(
            table -> {
              List<String> rows = new ArrayList<>();
              for (int row = 0; row < table.rows(); row++) {
                rows.add(row(table, row));
              }
              return rows;
            });
  }
}
