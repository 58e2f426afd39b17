package dev.zone.datasets.format;

import dev.zone.conf.DatasetSpec;
import dev.zone.conf.SourceSpec;
import dev.zone.conf.error.Problems;
import dev.zone.datasets.Origins;
import dev.zone.datasets.Table;
import dev.zone.datasets.generate.GeneratedColumns;
import dev.zone.datasets.generate.Generators;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Puts generated columns through the same checks as files. */
final class GeneratedTable {
  private GeneratedTable() {}

  static Optional<Table> of(DatasetSpec dataset, SourceSpec.Generated source, Problems problems) {
    int before = problems.count();
    GeneratedColumns generated = Generators.generate(source, problems);
    if (problems.count() > before) {
      return Optional.empty();
    }
    return of(dataset, generated, name(source), problems);
  }

  /** Generates rows in pieces. */
  static void admit(
      DatasetSpec dataset, SourceSpec.Generated source, PiecePool pool, Problems problems) {
    Generators.stream(
        source,
        columns ->
            pool.submit(
                mine ->
                    of(dataset, columns, name(source), mine)
                        .map(
                            table ->
                                new PiecePool.Content(table, new Rejections(), lines -> Map.of()))
                        .orElse(PiecePool.Content.NONE)),
        problems);
  }

  private static String name(SourceSpec.Generated source) {
    return "generated " + source.generator().name().toLowerCase(Locale.ROOT);
  }

  static Optional<Table> of(
      DatasetSpec dataset, GeneratedColumns generated, String name, Problems problems) {
    int before = problems.count();
    TableBuilder table = new TableBuilder(dataset, problems);
    table.begin(new Origins.Source(name, Origins.Kind.INDEX, Optional.empty(), List.of()));
    Faults.gather(
        name,
        problems,
        () -> {
          if (!table.checkComplete(name, generated.columns().keySet())) {
            return;
          }
          for (Map.Entry<String, GeneratedColumns.Column> each : generated.columns().entrySet()) {
            Optional<ColumnBuilder> builder = table.builder(each.getKey());
            if (builder.isPresent()) {
              fill(table, builder.get(), each.getValue());
            }
          }
          for (int row = 0; row < generated.rows(); row++) {
            table.at(row);
            table.endRow();
          }
        });
    table.faults().end();
    return problems.count() > before ? Optional.empty() : Optional.of(table.build());
  }

  private static void fill(
      TableBuilder table, ColumnBuilder builder, GeneratedColumns.Column column) {
    if (column instanceof GeneratedColumns.Tensor tensor) {
      if (!(builder instanceof TensorBuilder tensors)
          || !tensor.shape().equals(builder.spec().shape().orElseThrow())) {
        throw new FormatException(
            "Cannot use column '%s': rows of shape %s (expected %s)"
                .formatted(
                    builder.name(), tensor.shape(), builder.spec().shape().orElse(List.of())));
      }
      for (int row = 0; row < tensor.rows(); row++) {
        table.at(row);
        tensors.row(tensor.values(), row * tensor.elements());
      }
    } else if (column instanceof GeneratedColumns.Numbers numbers) {
      for (int row = 0; row < numbers.rows(); row++) {
        table.at(row);
        builder.number(numbers.values()[row]);
      }
    } else if (column instanceof GeneratedColumns.Texts texts) {
      for (int row = 0; row < texts.rows(); row++) {
        table.at(row);
        builder.text(texts.values()[row]);
      }
    }
  }
}
