package dev.zone.jobs.collective;

import dev.zone.jobs.collective.CollectiveException.Reason;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLException;

/**
 * The connecting side of a rank that looks for the rank after it. Calls again, after a pause that
 * grows, when the call is refused, lost or not answered: the other may start late, or strangers may
 * crowd its door. Whoever answers with a wrong proof ends the attempt.
 */
final class Caller implements Closeable {
  private static final long FIRST_PAUSE_NANOS = Duration.ofMillis(5).toNanos();
  private static final long LAST_PAUSE_NANOS = Duration.ofMillis(500).toNanos();

  /** A connection takes a round trip; if it takes longer, packets were dropped at a full door. */
  private static final long CONNECT_NANOS = Duration.ofSeconds(3).toNanos();

  /** Longer than the other side gives for a proof, so that it never waits for one who has left. */
  private static final long ANSWER_NANOS = Duration.ofSeconds(10).toNanos();

  private enum State {
    PAUSING,
    CONNECTING,
    PROVING,
    DONE
  }

  private final Selector selector;
  private final InetSocketAddress address;
  private final RingGuard guard;
  private final Handshake handshake;
  private final int from;
  private final int to;
  private final SecureRandom random = new SecureRandom();
  private final ByteBuffer challenge = ByteBuffer.allocate(Handshake.NONCE_BYTES);
  private final ByteBuffer answer = ByteBuffer.allocate(Handshake.PROOF_BYTES);
  private byte[] nonce = {};
  private ByteBuffer hello = ByteBuffer.allocate(0);
  private Optional<Wire> wire = Optional.empty();
  private State state = State.PAUSING;

  /** When the state has lasted too long, by {@link System#nanoTime}. */
  private long due = System.nanoTime();

  private long pause = FIRST_PAUSE_NANOS;
  private int calls;
  private Reason reason = Reason.LATE;
  private String trouble = "not called yet";

  /**
   * @param from this rank
   * @param to the rank that is called
   */
  Caller(Selector selector, InetSocketAddress address, RingGuard guard, int from, int to) {
    this.selector = selector;
    this.address = address;
    this.guard = guard;
    this.handshake = new Handshake(guard.secret(), guard.attempt());
    this.from = from;
    this.to = to;
  }

  boolean isDone() {
    return state == State.DONE;
  }

  /** The neighbour's connection, which is the caller's to close. */
  Wire take() {
    Wire taken = wire.orElseThrow();
    wire = Optional.empty();
    return taken;
  }

  /**
   * After how many nanoseconds {@link #tick} has something to do even if the other says nothing.
   */
  long nanosLeft(long now) {
    return isDone() ? ANSWER_NANOS : due - now;
  }

  /** Why there is no connection yet. */
  Reason reason() {
    return reason;
  }

  /** Why there is no connection yet, for people. */
  String trouble() {
    return "rank " + to + " at " + address + ": " + trouble + " (" + calls + " calls)";
  }

  void tick(long now) {
    if (isDone() || now - due < 0) {
      return;
    }
    switch (state) {
      case PAUSING -> call(now);
      case CONNECTING -> again(Reason.LATE, "no connection");
      default -> again(Reason.LATE, "no answer");
    }
  }

  private void call(long now) {
    calls++;
    challenge.clear();
    answer.clear();
    hello = ByteBuffer.allocate(0);
    try {
      SocketChannel channel = SocketChannel.open();
      wire = Optional.of(new PlainWire(channel));
      channel.configureBlocking(false);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
      state = State.CONNECTING;
      due = now + CONNECT_NANOS;
      channel.register(selector, SelectionKey.OP_CONNECT, (Runnable) this::hear);
      InetSocketAddress known = address.isUnresolved() ? resolved() : address;
      if (channel.connect(known)) {
        hear();
      }
    } catch (IOException e) {
      again(Reason.GONE, e.getMessage());
    }
  }

  /** Names may become known later, as those of containers that are being started do. */
  private InetSocketAddress resolved() throws IOException {
    InetSocketAddress known = new InetSocketAddress(address.getHostString(), address.getPort());
    if (known.isUnresolved()) {
      throw new IOException("unknown host");
    }
    return known;
  }

  private void hear() {
    if (wire.isEmpty() || isDone()) {
      return;
    }
    Wire current = wire.orElseThrow();
    try {
      SocketChannel channel = current.channel();
      if (state == State.CONNECTING) {
        if (!channel.isConnected() && !channel.finishConnect()) {
          return;
        }
        state = State.PROVING;
        due = System.nanoTime() + ANSWER_NANOS;
        if (guard.tls().isPresent()) {
          current =
              new TlsWire(
                  channel, guard.tls().orElseThrow().callingEngine(), ByteBuffer.allocate(0));
          wire = Optional.of(current);
        }
      }
      if (prove(current)) {
        state = State.DONE;
        channel.keyFor(selector).cancel();
      } else {
        boolean writes = hello.hasRemaining();
        channel.keyFor(selector).interestOps(current.interest(!writes, writes));
      }
    } catch (SSLException e) {
      throw wrong("there is no TLS with it: " + e.getMessage(), e);
    } catch (IOException e) {
      again(Reason.GONE, e.getMessage());
    }
  }

  private boolean prove(Wire current) throws IOException {
    if (challenge.hasRemaining()) {
      if (!fill(current, challenge)) {
        return false;
      }
      nonce = Handshake.nonce(random);
      hello = handshake.hello(from, to, challenge.array(), nonce, current.binding());
      due = System.nanoTime() + ANSWER_NANOS;
    }
    if (hello.hasRemaining()) {
      current.write(hello);
    }
    if (hello.hasRemaining() || !current.flush() || !fill(current, answer)) {
      return false;
    }
    byte[] right = handshake.acceptance(from, to, challenge.array(), nonce, current.binding());
    if (!MessageDigest.isEqual(answer.array(), right)) {
      throw wrong("it does not prove that it knows the run's secret", new IOException("proof"));
    }
    return true;
  }

  private static boolean fill(Wire wire, ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      int got = wire.read(buffer);
      if (got < 0) {
        throw new EOFException("it closed the connection before a proof");
      }
      if (got == 0) {
        return false;
      }
    }
    return true;
  }

  private CollectiveException wrong(String what, IOException cause) {
    return new CollectiveException(
        Reason.OUT_OF_STEP,
        to,
        "Cannot connect rank " + from + " with rank " + to + " at " + address + ": " + what,
        cause);
  }

  private void again(Reason why, String what) {
    reason = why;
    trouble = what;
    wire.ifPresent(Closing::quietly);
    wire = Optional.empty();
    state = State.PAUSING;
    due = System.nanoTime() + pause;
    pause = Math.min(LAST_PAUSE_NANOS, 2 * pause);
  }

  @Override
  public void close() {
    wire.ifPresent(Closing::quietly);
  }
}
