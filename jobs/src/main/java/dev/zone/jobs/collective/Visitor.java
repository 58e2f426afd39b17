package dev.zone.jobs.collective;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Optional;

/**
 * A connection at the accepting side, a stranger's until it is proven to be the neighbour's. Holds
 * some hundred bytes; inside TLS its buffers too, but only once it has begun to speak TLS.
 */
final class Visitor implements Closeable {
  private final Handshake handshake;
  private final Optional<RingTls> tls;
  private final int from;
  private final int to;
  private final byte[] nonce;
  private final long since = System.nanoTime();
  private final ByteBuffer greeting;
  private final ByteBuffer challenge;
  private final ByteBuffer hello = ByteBuffer.allocate(Handshake.HELLO_BYTES);
  private final ByteBuffer acceptance = ByteBuffer.allocate(Handshake.PROOF_BYTES);
  private boolean proven;
  private Wire wire;

  /**
   * @param from the rank that is expected
   * @param to this rank
   */
  Visitor(SocketChannel channel, RingGuard guard, int from, int to, byte[] nonce) {
    this.handshake = new Handshake(guard.secret(), guard.attempt());
    this.tls = guard.tls();
    this.from = from;
    this.to = to;
    this.nonce = nonce;
    this.wire = new PlainWire(channel);
    this.greeting = ByteBuffer.allocate(tls.isPresent() ? TlsWire.GREETING_BYTES : 0);
    this.challenge = ByteBuffer.wrap(nonce);
  }

  /** {@link System#nanoTime} of its coming. */
  long since() {
    return since;
  }

  Wire wire() {
    return wire;
  }

  int interest() {
    boolean reads = greeting.hasRemaining() || (!challenge.hasRemaining() && hello.hasRemaining());
    return wire.interest(reads, !reads);
  }

  /**
   * Goes on as far as it can without waiting.
   *
   * @return whether this is the neighbour, and has been told that we know the secret too
   * @throws IOException if it is not, or has gone
   */
  boolean advance() throws IOException {
    if (greeting.hasRemaining()) {
      if (!fill(greeting)) {
        return false;
      }
      wire = new TlsWire(wire.channel(), tls.orElseThrow().acceptingEngine(), greeting.flip());
      greeting.position(greeting.limit());
    }
    if (challenge.hasRemaining()) {
      wire.write(challenge);
    }
    if (challenge.hasRemaining() || !wire.flush()) {
      return false;
    }
    if (!proven) {
      if (!fill(hello)) {
        return false;
      }
      byte[] binding = wire.binding();
      byte[] theirs =
          handshake
              .verifyHello(hello.flip(), from, to, nonce, binding)
              .orElseThrow(() -> new IOException("a stranger"));
      acceptance.put(handshake.acceptance(from, to, nonce, theirs, binding)).flip();
      hello.position(hello.limit());
      proven = true;
    }
    wire.write(acceptance);
    return !acceptance.hasRemaining() && wire.flush();
  }

  private boolean fill(ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      int got = wire.read(buffer);
      if (got < 0) {
        throw new EOFException("closed");
      }
      if (got == 0) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void close() throws IOException {
    wire.close();
  }
}
