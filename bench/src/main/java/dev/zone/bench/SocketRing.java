package dev.zone.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * Plain sockets in a ring: each rank sends to the next and receives from the one before, both at
 * once and with one thread, as the all-reduce does, but without adding and without headers.
 */
final class SocketRing implements AutoCloseable {
  private static final int CHUNK = 1 << 20;

  private final List<Member> members = new ArrayList<>();

  private record Member(
      SocketChannel next,
      SocketChannel previous,
      Selector selector,
      ByteBuffer sent,
      ByteBuffer received) {}

  SocketRing(int size) throws IOException {
    List<SocketChannel> outgoing = new ArrayList<>();
    List<SocketChannel> incoming = new ArrayList<>();
    for (int rank = 0; rank < size; rank++) {
      try (ServerSocketChannel server = ServerSocketChannel.open()) {
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        outgoing.add(SocketChannel.open(server.getLocalAddress()));
        incoming.add(server.accept());
      }
    }
    for (int rank = 0; rank < size; rank++) {
      SocketChannel next = outgoing.get(rank);
      SocketChannel previous = incoming.get((rank + size - 1) % size);
      Selector selector = Selector.open();
      for (SocketChannel channel : List.of(next, previous)) {
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      }
      next.register(selector, 0);
      previous.register(selector, 0);
      members.add(
          new Member(
              next,
              previous,
              selector,
              ByteBuffer.allocateDirect(CHUNK),
              ByteBuffer.allocateDirect(CHUNK)));
    }
  }

  /** Sends and receives so many bytes. */
  void exchange(int rank, long bytes) throws IOException {
    Member member = members.get(rank);
    long toSend = bytes;
    long toReceive = bytes;
    while (toSend > 0 || toReceive > 0) {
      int written = toSend > 0 ? member.next().write(begin(member.sent(), toSend)) : 0;
      int read = toReceive > 0 ? member.previous().read(begin(member.received(), toReceive)) : 0;
      if (read < 0) {
        throw new IOException("a socket of the ring was closed");
      }
      toSend -= written;
      toReceive -= read;
      if (written == 0 && read == 0) {
        await(member, toSend > 0, toReceive > 0);
      }
    }
  }

  private static ByteBuffer begin(ByteBuffer buffer, long most) {
    return buffer.clear().limit((int) Math.min(buffer.capacity(), most));
  }

  private static void await(Member member, boolean sends, boolean receives) throws IOException {
    member.next().keyFor(member.selector()).interestOps(sends ? SelectionKey.OP_WRITE : 0);
    member.previous().keyFor(member.selector()).interestOps(receives ? SelectionKey.OP_READ : 0);
    member.selector().select();
    member.selector().selectedKeys().clear();
  }

  @Override
  public void close() throws IOException {
    for (Member member : members) {
      member.selector().close();
      member.next().close();
      member.previous().close();
    }
  }
}
