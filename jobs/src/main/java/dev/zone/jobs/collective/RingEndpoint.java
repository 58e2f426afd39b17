package dev.zone.jobs.collective;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;

/**
 * The port on which a rank waits for the rank before it. Opened first, so that its address can be
 * told to the others.
 */
public final class RingEndpoint implements AutoCloseable {
  private final ServerSocketChannel server;
  private final InetSocketAddress address;

  private RingEndpoint(ServerSocketChannel server, InetSocketAddress address) {
    this.server = server;
    this.address = address;
  }

  /**
   * Listens on a free port.
   *
   * @param host this machine's name or address as the other ranks reach it
   */
  public static RingEndpoint open(String host) {
    try {
      ServerSocketChannel server = ServerSocketChannel.open();
      server.bind(new InetSocketAddress(host, 0), 64);
      return new RingEndpoint(server, (InetSocketAddress) server.getLocalAddress());
    } catch (IOException | RuntimeException e) {
      throw new CollectiveException("Cannot listen for other workers on host: " + host, e);
    }
  }

  public int port() {
    return address.getPort();
  }

  ServerSocketChannel server() {
    return server;
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new CollectiveException("Cannot close port " + port(), e);
    }
  }
}
