package dev.zone.launcher.faults;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Stands between the processes of two workers: listens at an address of its own on every port that
 * a worker's processes listen on, and passes on, delays, loses or cuts what goes through.
 */
final class LinkProxy implements AutoCloseable {
  /** What happens to connections. */
  enum Mode {
    PASS,
    /** Nobody listens. */
    REFUSE,
    /** Connections stay open, nothing goes through any more. */
    BLACKHOLE,
    /** Every piece takes 50 ms, and one in twenty 250 ms, as TCP's first retransmission does. */
    LOSSY
  }

  private static final int PIECE = 16 << 10;
  private static final long DELAY_NANOS = 50_000_000L;
  private static final long RETRANSMISSION_NANOS = 200_000_000L;
  private static final int ONE_IN = 20;
  private static final int LISTENING = 0x0A;

  private final String from;
  private final String to;
  private final Random random;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final List<ServerSocket> servers = new CopyOnWriteArrayList<>();
  private final Set<Integer> ports = new HashSet<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile Mode mode = Mode.PASS;

  /**
   * @param from address to listen at
   * @param to the worker's own address
   */
  LinkProxy(String from, String to, long seed) {
    this.from = from;
    this.to = to;
    this.random = new Random(seed);
    daemon(this::watch).start();
  }

  void set(Mode next) throws IOException {
    mode = next;
    if (next == Mode.REFUSE) {
      for (ServerSocket server : servers) {
        server.close();
      }
      servers.clear();
      synchronized (ports) {
        ports.clear();
      }
    }
  }

  /** Cuts every connection at once. */
  void cut() throws IOException {
    for (Socket socket : sockets) {
      try {
        socket.setSoLinger(true, 0);
      } catch (SocketException e) {
        // Its owner closed it first: nothing is left to cut.
        continue;
      }
      socket.close();
    }
    sockets.clear();
  }

  /** Ports that the worker's processes have listened on so far. */
  Set<Integer> ports() {
    synchronized (ports) {
      return Set.copyOf(ports);
    }
  }

  private void watch() {
    try {
      while (!closed.await(5, TimeUnit.MILLISECONDS)) {
        if (mode == Mode.REFUSE) {
          continue;
        }
        for (int port : listening(to)) {
          synchronized (ports) {
            if (!ports.add(port)) {
              continue;
            }
          }
          serve(port);
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException("Cannot watch the ports of " + to, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void serve(int port) {
    ServerSocket server;
    try {
      server = new ServerSocket();
      server.setReuseAddress(true);
      server.bind(new InetSocketAddress(from, port), 512);
    } catch (IOException e) {
      // Gone again, or ours from before.
      return;
    }
    servers.add(server);
    daemon(
            () -> {
              try {
                while (true) {
                  Socket near = server.accept();
                  sockets.add(near);
                  daemon(() -> link(near, port)).start();
                }
              } catch (IOException e) {
                // Closed.
                return;
              }
            })
        .start();
  }

  private void link(Socket near, int port) {
    try {
      Socket far = new Socket(InetAddress.getByName(to), port);
      sockets.add(far);
      near.setTcpNoDelay(true);
      far.setTcpNoDelay(true);
      daemon(() -> pump(near, far)).start();
      pump(far, near);
    } catch (IOException e) {
      closeQuietly(near);
    }
  }

  private void pump(Socket in, Socket out) {
    byte[] piece = new byte[PIECE];
    try {
      InputStream source = in.getInputStream();
      OutputStream sink = out.getOutputStream();
      for (int count = source.read(piece); count >= 0; count = source.read(piece)) {
        if (mode == Mode.LOSSY) {
          LockSupport.parkNanos(DELAY_NANOS);
          synchronized (random) {
            if (random.nextInt(ONE_IN) == 0) {
              LockSupport.parkNanos(RETRANSMISSION_NANOS);
            }
          }
        }
        while (mode == Mode.BLACKHOLE && !closed.await(20, TimeUnit.MILLISECONDS)) {
          // What was in flight arrives late or never; nobody is told.
          continue;
        }
        sink.write(piece, 0, count);
      }
    } catch (IOException e) {
      closeQuietly(in);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      closeQuietly(out);
    }
  }

  /** Ports on which somebody listens at an address of this machine. */
  static Set<Integer> listening(String address) throws IOException {
    byte[] bytes = InetAddress.getByName(address).getAddress();
    String plain = String.format("%02X%02X%02X%02X", bytes[3], bytes[2], bytes[1], bytes[0]);
    String mapped = "0000000000000000FFFF0000" + plain;
    Set<Integer> found = new HashSet<>();
    for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
      for (String line : Files.readAllLines(Path.of(table))) {
        String[] fields = line.trim().split(" +");
        if (fields.length < 4 || !fields[1].contains(":")) {
          continue;
        }
        String[] local = fields[1].split(":");
        boolean ours = local[0].equals(plain) || local[0].equals(mapped);
        if (ours && Integer.parseInt(fields[3], 16) == LISTENING) {
          found.add(Integer.parseInt(local[1], 16));
        }
      }
    }
    return found;
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "link-proxy");
    thread.setDaemon(true);
    return thread;
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It is gone either way.
      return;
    }
  }

  @Override
  public void close() throws IOException {
    closed.countDown();
    for (ServerSocket server : servers) {
      server.close();
    }
    for (Socket socket : sockets) {
      closeQuietly(socket);
    }
  }
}
