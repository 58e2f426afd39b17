package dev.zone.datasets;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Rows of a dataset, by column; immutable. */
public final class Table {
  private final Map<String, Column> columns;
  private final Origins origins;

  /**
   * @param columns by name, in the descriptor's order, each with as many rows as the origins
   */
  public Table(Map<String, Column> columns, Origins origins) {
    this.columns = Collections.unmodifiableMap(new LinkedHashMap<>(columns));
    this.origins = origins;
    columns.forEach(
        (name, column) -> {
          if (column.size() != origins.rows()) {
            throw new IllegalArgumentException(
                "Cannot make a table: column '%s' has %d rows (expected %d)"
                    .formatted(name, column.size(), origins.rows()));
          }
        });
  }

  public int rows() {
    return origins.rows();
  }

  /** By name, in order. */
  public Map<String, Column> columns() {
    return columns;
  }

  public Optional<Column> column(String name) {
    return Optional.ofNullable(columns.get(name));
  }

  public Origins origins() {
    return origins;
  }

  /** The same rows with one more column, or another in its place. */
  public Table with(String name, Column column) {
    Map<String, Column> more = new LinkedHashMap<>(columns);
    more.put(name, column);
    return new Table(more, origins);
  }
}
