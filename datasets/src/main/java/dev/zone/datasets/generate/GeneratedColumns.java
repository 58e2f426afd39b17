package dev.zone.datasets.generate;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Generated rows, column by column. The arrays are the receiver's to keep; nobody else holds them.
 *
 * @param rows how many rows each column has
 * @param columns by name, in order
 * @param group the column that tells series apart, if the rows are series
 * @param time the column that orders a series' rows, if there is an order
 */
public record GeneratedColumns(
    int rows, Map<String, Column> columns, Optional<String> group, Optional<String> time) {
  public GeneratedColumns {
    columns = Collections.unmodifiableMap(new LinkedHashMap<>(columns));
    for (Map.Entry<String, Column> column : columns.entrySet()) {
      if (column.getValue().rows() != rows) {
        throw new IllegalArgumentException(
            "Cannot join column "
                + column.getKey()
                + ": "
                + column.getValue().rows()
                + " rows"
                + " (expected "
                + rows
                + ")");
      }
    }
  }

  /** One column's values. */
  public sealed interface Column {
    int rows();
  }

  /** A number a row. */
  @SuppressWarnings("ArrayRecordComponent") // A column store: copies would double the memory.
  public record Numbers(double[] values) implements Column {
    @Override
    public int rows() {
      return values.length;
    }
  }

  /** A text a row. */
  @SuppressWarnings("ArrayRecordComponent") // A column store: copies would double the memory.
  public record Texts(String[] values) implements Column {
    @Override
    public int rows() {
      return values.length;
    }
  }

  /**
   * An array of unsigned bytes a row.
   *
   * @param values rows after one another, each row-major
   * @param shape of one row
   */
  @SuppressWarnings("ArrayRecordComponent") // A column store: copies would double the memory.
  public record Tensor(byte[] values, List<Integer> shape) implements Column {
    public Tensor {
      shape = List.copyOf(shape);
    }

    /** Values of one row. */
    public int elements() {
      return shape.stream().mapToInt(Integer::intValue).reduce(1, Math::multiplyExact);
    }

    @Override
    public int rows() {
      return values.length / elements();
    }
  }
}
