package dev.zone.datasets.parquet;

import java.io.IOException;
import java.util.Optional;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.hadoop.ParquetFileWriter;

/** Writes a group's columns as pages of the format's first version, which every reader knows. */
final class ColumnPages {
  private final ParquetFileWriter writer;
  private final Packing packing;

  ColumnPages(ParquetFileWriter writer, Packing packing) {
    this.writer = writer;
    this.packing = packing;
  }

  void write(ColumnDescriptor column, ColumnValues values) throws IOException {
    writer.startColumn(column, values.rows(), Packing.CODEC);
    Optional<ColumnValues.Coding> coding = values.coding();
    if (coding.isPresent()) {
      BytesInput distinct = coding.get().distinct();
      int bytes = (int) distinct.size();
      writer.writeDictionaryPage(
          new DictionaryPage(
              packing.pack(distinct), bytes, coding.get().count(), Encoding.PLAIN_DICTIONARY));
    }
    int each = values.rowsOfAPage();
    int value = 0;
    for (int row = 0; row < values.rows(); row += each) {
      int end = Math.min(values.rows(), row + each);
      int next = values.size() == values.rows() ? end : value + present(values, row, end);
      page(column, values, coding, new int[] {row, end, value, next});
      value = next;
    }
    writer.endColumn();
  }

  /**
   * @param span rows from and to, and values from and to
   */
  private void page(
      ColumnDescriptor column,
      ColumnValues values,
      Optional<ColumnValues.Coding> coding,
      int[] span)
      throws IOException {
    int rows = span[1] - span[0];
    BytesInput content =
        coding.isPresent() ? ids(coding.get(), span[2], span[3]) : values.plain(span[2], span[3]);
    boolean optional = column.getMaxDefinitionLevel() > 0;
    BytesInput page =
        optional ? BytesInput.concat(levels(values, span[0], span[1]), content) : content;
    Statistics<?> statistics = Statistics.createStats(column.getPrimitiveType());
    values.include(span[2], span[3], statistics);
    statistics.incrementNumNulls(rows - (span[3] - span[2]));
    int bytes = (int) page.size();
    writer.writeDataPage(
        rows,
        bytes,
        packing.pack(page),
        statistics,
        rows,
        Encoding.BIT_PACKED,
        optional ? Encoding.RLE : Encoding.BIT_PACKED,
        coding.isPresent() ? Encoding.PLAIN_DICTIONARY : Encoding.PLAIN);
  }

  private static BytesInput ids(ColumnValues.Coding coding, int from, int to) {
    int width = Integer.SIZE - Integer.numberOfLeadingZeros(Math.max(0, coding.count() - 1));
    return BytesInput.concat(
        BytesInput.from(new byte[] {(byte) width}), IdRuns.of(coding.ids(), from, to, width));
  }

  private static int present(ColumnValues values, int from, int to) {
    int present = 0;
    for (int i = from; i < to; i++) {
      present += values.isPresent(i) ? 1 : 0;
    }
    return present;
  }

  private static BytesInput levels(ColumnValues values, int from, int to) {
    if (values.size() == values.rows()) {
      // One run of ones, behind its length.
      BytesInput run =
          BytesInput.concat(
              BytesInput.fromUnsignedVarInt((to - from) << 1), BytesInput.from(new byte[] {1}));
      return BytesInput.concat(BytesInput.fromInt((int) run.size()), run);
    }
    int[] levels = new int[to - from];
    for (int i = from; i < to; i++) {
      levels[i - from] = values.isPresent(i) ? 1 : 0;
    }
    BytesInput runs = IdRuns.of(levels, 0, levels.length, 1);
    return BytesInput.concat(BytesInput.fromInt((int) runs.size()), runs);
  }
}
