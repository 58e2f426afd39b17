package dev.zone.datasets.parquet;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.apache.parquet.io.DelegatingSeekableInputStream;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.SeekableInputStream;

/**
 * A file that can only be read on from a place: it is opened anew where the library goes to
 * another, which it does once for the footer and once for each row group's columns. As with {@link
 * DiskFile}, an {@link UncheckedIOException} is of the storage.
 */
final class DistantFile implements InputFile {
  private final long size;
  private final ParquetTable.Opening opening;

  DistantFile(long size, ParquetTable.Opening opening) {
    this.size = size;
    this.opening = opening;
  }

  @Override
  public long getLength() {
    return size;
  }

  @Override
  public SeekableInputStream newStream() {
    return new Seekable(new Reopened(size, opening));
  }

  /** The library shows it in its messages. */
  @Override
  public String toString() {
    return "the file";
  }

  private static final class Seekable extends DelegatingSeekableInputStream {
    private final Reopened in;

    Seekable(Reopened in) {
      super(new DiskFile.OfDisk(in));
      this.in = in;
    }

    @Override
    public long getPos() {
      return in.position;
    }

    @Override
    public void seek(long position) throws IOException {
      in.seek(position);
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }

  private static final class Reopened extends InputStream {
    private final long size;
    private final ParquetTable.Opening opening;
    private InputStream in;
    private long position;

    Reopened(long size, ParquetTable.Opening opening) {
      this.size = size;
      this.opening = opening;
    }

    void seek(long wanted) throws IOException {
      if (wanted < 0 || wanted > size) {
        throw new IOException("a place that is outside the file");
      }
      if (wanted != position) {
        close();
        position = wanted;
      }
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int from, int count) throws IOException {
      if (in == null) {
        in = opening.at(position);
      }
      int read = in.read(into, from, count);
      position += Math.max(0, read);
      return read;
    }

    @Override
    public void close() throws IOException {
      if (in != null) {
        in.close();
        in = null;
      }
    }
  }
}
