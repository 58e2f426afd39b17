package dev.zone.datasets.parquet;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Comparator;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.Util;

/**
 * Passes a Parquet file on. The library writes a column's encodings in the order in which a set has
 * them, which is another in each process; here they are in one, so that the same rows are the same
 * bytes whoever wrote them.
 */
final class OrderedFooter extends FilterOutputStream {
  /** Behind the footer: its length, and the format's name. */
  private static final int END_BYTES = 8;

  private final OutputStream whole;

  OrderedFooter(OutputStream out) {
    super(out);
    whole = out;
  }

  @Override
  public void write(byte[] some, int from, int length) throws IOException {
    out.write(some, from, length);
  }

  /** From now on comes what is behind the rows. */
  void begin() {
    out = new ByteArrayOutputStream();
  }

  /** All was written. */
  void end() throws IOException {
    byte[] held = ((ByteArrayOutputStream) out).toByteArray();
    ByteBuffer bytes = ByteBuffer.wrap(held).order(ByteOrder.LITTLE_ENDIAN);
    int end = held.length - END_BYTES;
    int begin = end - bytes.getInt(end);
    FileMetaData footer = Util.readFileMetaData(new ByteArrayInputStream(held, begin, end - begin));
    for (RowGroup group : footer.getRow_groups()) {
      for (ColumnChunk column : group.getColumns()) {
        column.getMeta_data().getEncodings().sort(Comparator.comparingInt(Encoding::getValue));
      }
    }
    ByteArrayOutputStream ordered = new ByteArrayOutputStream();
    Util.writeFileMetaData(footer, ordered);
    whole.write(held, 0, begin);
    ordered.writeTo(whole);
    bytes.putInt(end, ordered.size());
    whole.write(held, end, END_BYTES);
    whole.flush();
  }
}
