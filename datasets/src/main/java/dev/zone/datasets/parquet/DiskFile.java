package dev.zone.datasets.parquet;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.apache.parquet.io.DelegatingSeekableInputStream;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.SeekableInputStream;

/**
 * A file whose failing disk can be told from wrong bytes: an {@link UncheckedIOException} is of the
 * disk. The library throws {@link IOException} for either.
 */
final class DiskFile implements InputFile {
  private final Path path;
  private final long length;

  /**
   * @throws IOException if it cannot be opened
   */
  DiskFile(Path path) throws IOException {
    this.path = path;
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      length = channel.size();
    }
  }

  @Override
  public long getLength() {
    return length;
  }

  @Override
  public SeekableInputStream newStream() {
    try {
      return new Seekable(FileChannel.open(path, StandardOpenOption.READ), length);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The library shows it in its messages. */
  @Override
  public String toString() {
    return "the file";
  }

  private static final class Seekable extends DelegatingSeekableInputStream {
    private final FileChannel channel;
    private final long length;

    Seekable(FileChannel channel, long length) {
      super(new OfDisk(Channels.newInputStream(channel)));
      this.channel = channel;
      this.length = length;
    }

    @Override
    public long getPos() throws IOException {
      return channel.position();
    }

    @Override
    public void seek(long position) throws IOException {
      if (position < 0 || position > length) {
        throw new IOException("a place that is outside the file");
      }
      channel.position(position);
    }
  }

  /** Failures to read become unchecked ones. */
  static final class OfDisk extends FilterInputStream {
    OfDisk(InputStream in) {
      super(in);
    }

    @Override
    public int read() {
      try {
        return super.read();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public int read(byte[] into, int from, int count) {
      try {
        return super.read(into, from, count);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
