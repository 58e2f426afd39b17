package dev.zone.jobs.collective;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Hostile connections, some hundreds at once, each of which says one thing and then is silent. */
final class Flood implements Closeable {
  /** More than a rank admits. */
  private static final int OPEN_AT_ONCE = 600;

  private final List<InetSocketAddress> targets;
  private final List<byte[]> sayings;
  private final Selector selector = Selector.open();
  private final Deque<SocketChannel> open = new ArrayDeque<>();
  private final ByteBuffer heard = ByteBuffer.allocate(256);
  private int opened;
  private int reached;

  Flood(List<InetSocketAddress> targets, List<byte[]> sayings) throws IOException {
    this.targets = targets;
    this.sayings = sayings;
  }

  /** Opens that many connections more, to the targets in turn. */
  void strike(int connections) throws IOException {
    for (int i = 0; i < connections; i++) {
      if (open.size() == OPEN_AT_ONCE) {
        open.removeFirst().close();
      }
      byte[] saying = sayings.get(opened / targets.size() % sayings.size());
      InetSocketAddress target = targets.get(opened % targets.size());
      opened++;
      SocketChannel channel = SocketChannel.open();
      open.add(channel);
      try {
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_CONNECT, ByteBuffer.wrap(saying));
        if (channel.connect(target)) {
          speak(channel.keyFor(selector));
        }
      } catch (IOException e) {
        channel.close(); // Refused, when nobody listens any more.
      }
      attend();
    }
  }

  private void attend() throws IOException {
    selector.selectNow();
    for (SelectionKey key : selector.selectedKeys()) {
      try {
        if (key.isValid()) {
          speak(key);
        }
      } catch (IOException e) {
        key.channel().close();
      }
    }
    selector.selectedKeys().clear();
  }

  private void speak(SelectionKey key) throws IOException {
    SocketChannel channel = (SocketChannel) key.channel();
    if (key.isConnectable()) {
      channel.finishConnect();
      reached++;
    }
    ByteBuffer saying = (ByteBuffer) key.attachment();
    if (saying.hasRemaining()) {
      channel.write(saying);
    }
    if (key.isReadable() && channel.read(heard.clear()) < 0) {
      channel.close();
      return;
    }
    key.interestOps(SelectionKey.OP_READ | (saying.hasRemaining() ? SelectionKey.OP_WRITE : 0));
  }

  int opened() {
    return opened;
  }

  /** How many found somebody who listens. */
  int reached() {
    return reached;
  }

  @Override
  public void close() throws IOException {
    for (SocketChannel channel : open) {
      channel.close();
    }
    selector.close();
  }
}
