package dev.zone.jobs.collective;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Brings a rank together with its neighbours. Whoever connects must prove that he knows the secret
 * before anything he sends is believed; each stranger gets a thread and a few seconds, and only so
 * many at once, so none can keep the neighbour out.
 */
final class RingConnector {
  private static final Duration PROOF_LIMIT = Duration.ofSeconds(5);
  private static final int STRANGERS_AT_ONCE = 64;

  private final int rank;
  private final List<InetSocketAddress> addresses;
  private final Handshake handshake;
  private final Duration deadline;
  private final SecureRandom random = new SecureRandom();

  record Neighbours(SocketChannel previous, SocketChannel next) {}

  RingConnector(
      int rank, List<InetSocketAddress> addresses, Handshake handshake, Duration deadline) {
    this.rank = rank;
    this.addresses = List.copyOf(addresses);
    this.handshake = handshake;
    this.deadline = deadline;
  }

  Neighbours connect(RingEndpoint endpoint) throws IOException {
    int before = Math.floorMod(rank - 1, addresses.size());
    CompletableFuture<SocketChannel> previous = new CompletableFuture<>();
    Thread acceptor = daemon("ring-accept-" + rank, () -> acceptLoop(endpoint, before, previous));
    acceptor.start();
    SocketChannel next = connectNext();
    try {
      return new Neighbours(previous.get(deadline.toMillis(), TimeUnit.MILLISECONDS), next);
    } catch (TimeoutException e) {
      next.close();
      throw new IOException(
          "rank " + before + " did not connect within " + deadline.toMillis() + " ms", e);
    } catch (ExecutionException e) {
      next.close();
      throw new IOException(
          "rank " + rank + " cannot accept connections: " + e.getCause().getMessage(), e);
    } catch (InterruptedException e) {
      next.close();
      Thread.currentThread().interrupt();
      throw new IOException("rank " + rank + " was interrupted", e);
    }
  }

  private void acceptLoop(
      RingEndpoint endpoint, int before, CompletableFuture<SocketChannel> previous) {
    Semaphore strangers = new Semaphore(STRANGERS_AT_ONCE);
    try {
      while (!previous.isDone()) {
        SocketChannel channel = endpoint.server().accept();
        strangers.acquireUninterruptibly();
        daemon(
                "ring-prove-" + rank,
                () -> {
                  try {
                    prove(channel, before, previous);
                  } finally {
                    strangers.release();
                  }
                })
            .start();
      }
    } catch (IOException e) {
      previous.completeExceptionally(e);
    }
  }

  private void prove(SocketChannel channel, int before, CompletableFuture<SocketChannel> previous) {
    boolean accepted = false;
    try {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      byte[] nonce = Handshake.nonce(random);
      write(channel, ByteBuffer.wrap(nonce));
      ByteBuffer hello = read(channel, Handshake.HELLO_BYTES);
      byte[] theirs = handshake.verifyHello(hello, before, rank, nonce);
      if (theirs != null) {
        write(channel, ByteBuffer.wrap(handshake.acceptance(before, rank, nonce, theirs)));
        accepted = previous.complete(channel);
      }
    } catch (IOException e) {
      // A stranger who hangs up or says nothing is no event for the run.
      accepted = false;
    } finally {
      if (!accepted) {
        closeQuietly(channel);
      }
    }
  }

  private SocketChannel connectNext() throws IOException {
    int to = (rank + 1) % addresses.size();
    InetSocketAddress address = addresses.get(to);
    SocketChannel channel = SocketChannel.open();
    boolean connected = false;
    try {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.socket().connect(address, Math.toIntExact(deadline.toMillis()));
      ByteBuffer nonce = read(channel, Handshake.NONCE_BYTES);
      byte[] mine = Handshake.nonce(random);
      write(channel, handshake.hello(rank, to, nonce.array(), mine));
      ByteBuffer acceptance = read(channel, Handshake.PROOF_BYTES);
      if (!MessageDigest.isEqual(
          acceptance.array(), handshake.acceptance(rank, to, nonce.array(), mine))) {
        throw new IOException("rank " + to + " does not prove that it knows the run's secret");
      }
      connected = true;
      return channel;
    } catch (IOException e) {
      throw new IOException("rank " + to + " at " + address + ": " + e.getMessage(), e);
    } finally {
      if (!connected) {
        closeQuietly(channel);
      }
    }
  }

  private static void write(SocketChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** Reads by the socket's stream, for only that knows a time-out. */
  private static ByteBuffer read(SocketChannel channel, int count) throws IOException {
    Socket socket = channel.socket();
    long until = System.nanoTime() + PROOF_LIMIT.toNanos();
    byte[] bytes = new byte[count];
    int have = 0;
    while (have < count) {
      long left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
      if (left <= 0) {
        throw new IOException("no proof within " + PROOF_LIMIT.toSeconds() + " s");
      }
      socket.setSoTimeout(Math.toIntExact(left));
      int got = socket.getInputStream().read(bytes, have, count - have);
      if (got < 0) {
        throw new IOException("the connection was closed");
      }
      have += got;
    }
    socket.setSoTimeout(0);
    return ByteBuffer.wrap(bytes);
  }

  private static void closeQuietly(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      // Nothing depends on a connection that proved nothing.
    }
  }

  private static Thread daemon(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }
}
