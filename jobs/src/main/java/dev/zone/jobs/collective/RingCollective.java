package dev.zone.jobs.collective;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;

/**
 * A ring over TCP: each rank sends to the next and receives from the one before. An all-reduce is
 * N-1 steps in which sums travel (reduce-scatter) and N-1 in which results do (all-gather), so each
 * rank sends about twice the vector, however many ranks.
 *
 * <p>Each message has a header (magic, number of the operation, step in it, bytes) that must be
 * exactly what is due; anything else ends the attempt.
 */
public final class RingCollective implements Collective {
  private static final int HEADER_BYTES = 24;
  private static final int MAGIC = 0x5A4F4E45; // "ZONE"

  private final int rank;
  private final int size;
  private final Duration deadline;
  private final SocketChannel previous;
  private final SocketChannel next;
  private final Selector selector;
  private final SelectionKey readable;
  private final SelectionKey writable;
  private final ByteBuffer sendHeader = direct(HEADER_BYTES);
  private final ByteBuffer receiveHeader = direct(HEADER_BYTES);
  private ByteBuffer sending = direct(0);
  private ByteBuffer receiving = direct(0);
  private long operation;

  private RingCollective(
      int rank, int size, Duration deadline, SocketChannel previous, SocketChannel next)
      throws IOException {
    this.rank = rank;
    this.size = size;
    this.deadline = deadline;
    this.previous = previous;
    this.next = next;
    previous.configureBlocking(false);
    next.configureBlocking(false);
    this.selector = Selector.open();
    this.readable = previous.register(selector, 0);
    this.writable = next.register(selector, 0);
  }

  /**
   * Connects this rank to its neighbours.
   *
   * @param endpoint this rank's own, already known to the others; closed when the rank before has
   *     come
   * @param addresses of all ranks' endpoints, by rank
   * @param secret of the run, at least 16 bytes
   * @param attempt connections of another attempt are refused
   * @param deadline for connecting, and for each operation
   */
  public static Collective connect(
      int rank,
      RingEndpoint endpoint,
      List<InetSocketAddress> addresses,
      byte[] secret,
      int attempt,
      Duration deadline) {
    RingConnector connector =
        new RingConnector(rank, addresses, new Handshake(secret, attempt), deadline);
    try (endpoint) {
      RingConnector.Neighbours neighbours = connector.connect(endpoint);
      return new RingCollective(
          rank, addresses.size(), deadline, neighbours.previous(), neighbours.next());
    } catch (IOException e) {
      throw new CollectiveException(
          "Cannot connect rank " + rank + " with its neighbours: " + e.getMessage(), e);
    }
  }

  @Override
  public int rank() {
    return rank;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public void allReduce(FloatBuffer values) {
    int length = values.limit();
    int largest = 0;
    for (int chunk = 0; chunk < size; chunk++) {
      largest = Math.max(largest, Chunks.length(chunk, size, length));
    }
    ensureCapacity(Math.multiplyExact(largest, Float.BYTES));
    operation++;
    long until = System.nanoTime() + deadline.toNanos();
    for (int step = 0; step < size - 1; step++) {
      int chunk = Math.floorMod(rank - 1 - step, size);
      exchange(values, Math.floorMod(rank - step, size), chunk, step, until);
      Chunks.add(
          values,
          Chunks.start(chunk, size, length),
          receiving.asFloatBuffer(),
          Chunks.length(chunk, size, length));
    }
    for (int step = 0; step < size - 1; step++) {
      int chunk = Math.floorMod(rank - step, size);
      exchange(values, Math.floorMod(rank + 1 - step, size), chunk, size - 1 + step, until);
      values.put(
          Chunks.start(chunk, size, length),
          receiving.asFloatBuffer(),
          0,
          Chunks.length(chunk, size, length));
    }
  }

  private void ensureCapacity(int bytes) {
    if (sending.capacity() < bytes) {
      sending = direct(bytes);
      receiving = direct(bytes);
    }
  }

  /**
   * Sends one chunk to the next rank while another comes from the one before; both may be longer
   * than the sockets hold.
   */
  private void exchange(FloatBuffer values, int sendChunk, int receiveChunk, int step, long until) {
    int length = values.limit();
    int sendLength = Chunks.length(sendChunk, size, length);
    sending.clear();
    sending.asFloatBuffer().put(0, values, Chunks.start(sendChunk, size, length), sendLength);
    sending.limit(sendLength * Float.BYTES);
    sendHeader.clear();
    sendHeader.putInt(MAGIC).putInt(step).putLong(operation).putLong(sending.limit()).flip();
    receiveHeader.clear();
    receiving.clear().limit(Chunks.length(receiveChunk, size, length) * Float.BYTES);
    try {
      boolean headerChecked = false;
      while (sending.hasRemaining()
          || sendHeader.hasRemaining()
          || receiving.hasRemaining()
          || !headerChecked) {
        boolean progress = send();
        progress |= receive();
        if (!headerChecked && !receiveHeader.hasRemaining()) {
          checkHeader(step, receiving.limit());
          headerChecked = true;
        }
        if (!progress) {
          await(until, !headerChecked || receiving.hasRemaining());
        }
      }
      receiving.flip();
    } catch (IOException e) {
      throw new CollectiveException(
          "Cannot combine gradients: rank " + rank + " lost a neighbour: " + e.getMessage(), e);
    }
  }

  private boolean send() throws IOException {
    if (!sendHeader.hasRemaining() && !sending.hasRemaining()) {
      return false;
    }
    return next.write(new ByteBuffer[] {sendHeader, sending}) > 0;
  }

  private boolean receive() throws IOException {
    ByteBuffer into = receiveHeader.hasRemaining() ? receiveHeader : receiving;
    if (!into.hasRemaining()) {
      return false;
    }
    int count = previous.read(into);
    if (count < 0) {
      throw new IOException("rank " + Math.floorMod(rank - 1, size) + " closed its connection");
    }
    return count > 0;
  }

  private void checkHeader(int step, long bytes) {
    receiveHeader.flip();
    int magic = receiveHeader.getInt();
    int theirStep = receiveHeader.getInt();
    long theirOperation = receiveHeader.getLong();
    long theirBytes = receiveHeader.getLong();
    if (magic != MAGIC || theirStep != step || theirOperation != operation || theirBytes != bytes) {
      throw new CollectiveException(
          String.format(
              "Cannot combine gradients: rank %d is out of step: operation %d.%d of %d bytes (expected %d.%d of %d bytes)",
              Math.floorMod(rank - 1, size),
              theirOperation,
              theirStep,
              theirBytes,
              operation,
              step,
              bytes));
    }
  }

  private void await(long until, boolean receivePending) throws IOException {
    long left = until - System.nanoTime();
    if (left <= 0) {
      throw new CollectiveException(
          String.format(
              "Cannot combine gradients: rank %d waited %d ms for rank %d in vain",
              rank, deadline.toMillis(), Math.floorMod(rank + (receivePending ? -1 : 1), size)));
    }
    readable.interestOps(receivePending ? SelectionKey.OP_READ : 0);
    writable.interestOps(
        sendHeader.hasRemaining() || sending.hasRemaining() ? SelectionKey.OP_WRITE : 0);
    selector.select(Math.max(1, left / 1_000_000));
    selector.selectedKeys().clear();
    if (Thread.currentThread().isInterrupted()) {
      throw new CollectiveException("Cannot combine gradients: rank " + rank + " was interrupted");
    }
  }

  private static ByteBuffer direct(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public void close() {
    try (previous;
        next;
        selector) {
      operation = -1;
    } catch (IOException e) {
      throw new CollectiveException("Cannot close the connections of rank " + rank, e);
    }
  }
}
