package dev.zone.datasets.storage;

import java.io.IOException;
import java.io.OutputStream;

/** A file that its content cannot close, since it is forced to disk before it is closed. */
final class Unclosed extends OutputStream {
  private final OutputStream out;

  Unclosed(OutputStream out) {
    this.out = out;
  }

  @Override
  public void write(int b) throws IOException {
    out.write(b);
  }

  @Override
  public void write(byte[] bytes, int offset, int count) throws IOException {
    out.write(bytes, offset, count);
  }

  @Override
  public void flush() throws IOException {
    out.flush();
  }
}
