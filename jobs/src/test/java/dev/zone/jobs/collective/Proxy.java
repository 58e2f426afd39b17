package dev.zone.jobs.collective;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Stands between two ranks and does to their connection what networks do. */
final class Proxy implements Closeable {
  /** Beyond the handshake, so that it is an operation that is hit. */
  private static final int AFTER_BYTES = 100_000;

  enum Fault {
    NONE,
    /** One chunk in twenty comes 50 ms late. */
    DELAYS,
    /** Both connections end in the middle. */
    CUT,
    /** From the middle on nothing comes through, in either direction; all connections stay open. */
    BLACKHOLE
  }

  private final ServerSocket server = new ServerSocket();
  private final InetSocketAddress target;
  private final Fault fault;
  private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
  private final AtomicLong forwarded = new AtomicLong();
  private final ByteArrayOutputStream seen = new ByteArrayOutputStream();
  private final CountDownLatch end = new CountDownLatch(1);

  /**
   * @param port where it listens, 0 for a free one
   */
  Proxy(int port, InetSocketAddress target, Fault fault) throws IOException {
    server.setReuseAddress(true);
    server.bind(new InetSocketAddress("localhost", port));
    this.target = target;
    this.fault = fault;
    daemon(this::serve);
  }

  InetSocketAddress address() {
    return new InetSocketAddress("localhost", server.getLocalPort());
  }

  private void serve() throws IOException {
    while (true) {
      Socket here = server.accept();
      Socket there = new Socket(target.getAddress(), target.getPort());
      here.setTcpNoDelay(true);
      there.setTcpNoDelay(true);
      sockets.add(here);
      sockets.add(there);
      daemon(() -> forward(here, there));
      daemon(() -> forward(there, here));
    }
  }

  private void forward(Socket from, Socket to) throws IOException {
    SplittableRandom random = new SplittableRandom(5);
    byte[] buffer = new byte[16384];
    InputStream in = from.getInputStream();
    OutputStream out = to.getOutputStream();
    int count = in.read(buffer);
    while (count >= 0) {
      boolean hit = forwarded.addAndGet(count) > AFTER_BYTES;
      if (fault == Fault.DELAYS && random.nextInt(20) == 0) {
        LockSupport.parkNanos(50_000_000);
      } else if (hit && fault == Fault.CUT) {
        close();
        return;
      } else if (hit && fault == Fault.BLACKHOLE) {
        awaitEnd();
        return;
      }
      if (fault == Fault.NONE) {
        record(buffer, count);
      }
      out.write(buffer, 0, count);
      count = in.read(buffer);
    }
    to.shutdownOutput();
  }

  private synchronized void record(byte[] buffer, int count) {
    seen.write(buffer, 0, count);
  }

  /** What went through, if nothing was done to it. */
  synchronized byte[] seen() {
    return seen.toByteArray();
  }

  private void awaitEnd() {
    try {
      end.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private interface Work {
    void run() throws IOException;
  }

  private static void daemon(Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (IOException e) {
                // An end of the connection, or of the proxy.
                Thread.currentThread().interrupt();
              }
            },
            "proxy");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    end.countDown();
    server.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
