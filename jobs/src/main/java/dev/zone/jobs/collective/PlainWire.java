package dev.zone.jobs.collective;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/** The socket itself. */
final class PlainWire implements Wire {
  private final SocketChannel channel;

  PlainWire(SocketChannel channel) {
    this.channel = channel;
  }

  @Override
  public SocketChannel channel() {
    return channel;
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    return channel.read(into);
  }

  @Override
  public long write(ByteBuffer... from) throws IOException {
    return channel.write(from);
  }

  @Override
  public boolean flush() {
    return true;
  }

  @Override
  public int interest(boolean read, boolean write) {
    return (read ? SelectionKey.OP_READ : 0) | (write ? SelectionKey.OP_WRITE : 0);
  }

  @Override
  public byte[] binding() {
    return new byte[0];
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
