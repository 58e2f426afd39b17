package dev.zone.jobs.collective;

import dev.zone.conf.error.ZoneException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;

/**
 * The port on which a rank waits for the rank before it. Opened first, so that its address can be
 * told to the others.
 */
public final class RingEndpoint implements AutoCloseable {
  /** Connections that the system holds until they are accepted; it may cut this down. */
  private static final int BACKLOG = 1024;

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
   * @throws ZoneException if the name is not this machine's, or no port is free
   */
  public static RingEndpoint open(String host) {
    try {
      ServerSocketChannel server = ServerSocketChannel.open();
      try {
        server.configureBlocking(false);
        server.bind(new InetSocketAddress(host, 0), BACKLOG);
        return new RingEndpoint(server, (InetSocketAddress) server.getLocalAddress());
      } catch (IOException | RuntimeException e) {
        server.close();
        throw e;
      }
    } catch (IOException | RuntimeException e) {
      throw ZoneException.environment(
          "Cannot listen for other workers: " + host + " (expected a name of this machine)", e);
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
      throw ZoneException.environment("Cannot close the port of the ring: " + port(), e);
    }
  }
}
