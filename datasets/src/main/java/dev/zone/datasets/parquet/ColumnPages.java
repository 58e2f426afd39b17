package dev.zone.datasets.parquet;

import java.io.IOException;
import java.util.Optional;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.bytes.HeapByteBufferAllocator;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.column.values.rle.RunLengthBitPackingHybridValuesWriter;
import org.apache.parquet.compression.CompressionCodecFactory.BytesInputCompressor;
import org.apache.parquet.hadoop.CodecFactory;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/** Writes a group's columns as pages of the format's first version, which every reader knows. */
final class ColumnPages {
  private static final CompressionCodecName CODEC = CompressionCodecName.ZSTD;
  private static final int INITIAL_BYTES = 1 << 10;
  private static final int SLAB_BYTES = 1 << 18;

  private final ParquetFileWriter writer;
  private final BytesInputCompressor compressor;

  ColumnPages(ParquetFileWriter writer, CodecFactory codecs) {
    this.writer = writer;
    this.compressor = codecs.getCompressor(CODEC);
  }

  void write(ColumnDescriptor column, ColumnValues values) throws IOException {
    writer.startColumn(column, values.rows(), CODEC);
    Optional<ColumnValues.Coding> coding = values.coding();
    if (coding.isPresent()) {
      BytesInput distinct = coding.get().distinct();
      int bytes = (int) distinct.size();
      writer.writeDictionaryPage(
          new DictionaryPage(
              compressor.compress(distinct),
              bytes,
              coding.get().count(),
              Encoding.PLAIN_DICTIONARY));
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
        compressor.compress(page),
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
    RunLengthBitPackingHybridValuesWriter levels =
        new RunLengthBitPackingHybridValuesWriter(
            1, INITIAL_BYTES, SLAB_BYTES, new HeapByteBufferAllocator());
    for (int i = from; i < to; i++) {
      levels.writeInteger(values.isPresent(i) ? 1 : 0);
    }
    return levels.getBytes();
  }
}
