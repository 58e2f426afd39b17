package dev.zone.jobs.collective;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;

/**
 * A connection inside TLS. Reading and writing bring the TLS handshake forward first, as far as
 * they can without waiting.
 */
final class TlsWire implements Wire {
  /** The header of a TLS record: what a connection begins with, if it speaks TLS. */
  static final int GREETING_BYTES = 5;

  private static final int HANDSHAKE_RECORD = 22;
  private static final int LONGEST_RECORD = 16384 + 2048; // RFC 8446, 5.1 and 5.2, and older TLS.

  private final SocketChannel channel;
  private final SSLEngine engine;

  // All three are kept ready to be taken from.
  private ByteBuffer incoming;
  private ByteBuffer clear;
  private ByteBuffer outgoing;

  private boolean established;
  private boolean ended;

  /**
   * @param greeting what was read from the channel already
   * @throws SSLException if that is no beginning of TLS
   */
  TlsWire(SocketChannel channel, SSLEngine engine, ByteBuffer greeting) throws IOException {
    if (greeting.remaining() >= GREETING_BYTES) {
      int length = greeting.getShort(3) & 0xFFFF;
      if (greeting.get(0) != HANDSHAKE_RECORD || greeting.get(1) != 3 || length > LONGEST_RECORD) {
        throw new SSLException("a stranger who does not speak TLS");
      }
    }
    this.channel = channel;
    this.engine = engine;
    SSLSession session = engine.getSession();
    this.incoming = ByteBuffer.allocate(session.getPacketBufferSize()).put(greeting).flip();
    this.outgoing = ByteBuffer.allocate(session.getPacketBufferSize()).flip();
    this.clear = ByteBuffer.allocate(session.getApplicationBufferSize()).flip();
    engine.beginHandshake();
  }

  @Override
  public SocketChannel channel() {
    return channel;
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    while (into.hasRemaining()) {
      if (clear.hasRemaining()) {
        int count = Math.min(clear.remaining(), into.remaining());
        into.put(into.position(), clear, clear.position(), count);
        clear.position(clear.position() + count);
        into.position(into.position() + count);
        return count;
      }
      if (!established && !handshake()) {
        return 0;
      }
      // A record that fits is decrypted to where it is wanted, without a copy.
      int before = into.position();
      boolean fits = into.remaining() >= engine.getSession().getApplicationBufferSize();
      boolean more = unwrap(fits ? into : emptyClear());
      if (!fits) {
        clear.flip();
      }
      // A request for new keys is answered with what this side writes next, as RFC 8446, 4.6.3, has
      // it. If that is nothing, nothing can fail because the other, who has said all, is gone.
      runTasks();
      if (into.position() > before) {
        return into.position() - before;
      }
      if (!more && !clear.hasRemaining()) {
        return ended ? -1 : 0;
      }
    }
    return 0;
  }

  @Override
  public long write(ByteBuffer... from) throws IOException {
    if (!established && !handshake()) {
      return 0;
    }
    long taken = 0;
    while (flush() && hasRemaining(from)) {
      taken += wrap(from);
    }
    return taken;
  }

  @Override
  public boolean flush() throws IOException {
    while (outgoing.hasRemaining()) {
      if (channel.write(outgoing) == 0) {
        return false;
      }
    }
    return true;
  }

  @Override
  public int interest(boolean read, boolean write) {
    boolean reads = read || !established;
    boolean writes = (write && established) || outgoing.hasRemaining();
    return (reads ? SelectionKey.OP_READ : 0) | (writes ? SelectionKey.OP_WRITE : 0);
  }

  @Override
  public byte[] binding() throws IOException {
    SSLSession session = engine.getSession();
    Certificate[] chain =
        engine.getUseClientMode() ? session.getPeerCertificates() : session.getLocalCertificates();
    try {
      return MessageDigest.getInstance("SHA-256").digest(chain[0].getEncoded());
    } catch (GeneralSecurityException e) {
      throw new SSLException("the certificate cannot be encoded", e);
    }
  }

  /** Says goodbye, or why TLS failed, if that goes without waiting. */
  @Override
  public void close() throws IOException {
    try (channel) {
      if (established) {
        engine.closeOutbound();
      }
      while (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP && flush()) {
        if (wrapOnce(ByteBuffer.allocate(0)).bytesProduced() == 0) {
          break;
        }
      }
      flush();
    }
  }

  /** Whether the handshake is done. */
  private boolean handshake() throws IOException {
    while (true) {
      switch (engine.getHandshakeStatus()) {
        case NEED_TASK -> runTasks();
        case NEED_WRAP -> {
          if (!flush()) {
            return false;
          }
          wrap(ByteBuffer.allocate(0));
        }
        case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
          if (!flush()) {
            return false;
          }
          boolean more = unwrap(emptyClear());
          clear.flip();
          if (ended) {
            throw new EOFException("it closed the connection during the TLS handshake");
          }
          if (!more) {
            return false;
          }
        }
        default -> {
          established = true;
          flush();
          return true;
        }
      }
    }
  }

  private void runTasks() {
    Runnable task = engine.getDelegatedTask();
    while (task != null) {
      task.run();
      task = engine.getDelegatedTask();
    }
  }

  /**
   * Makes one record of what there is; only when all before is flushed.
   *
   * @return how many bytes were taken
   */
  private long wrap(ByteBuffer... from) throws IOException {
    while (true) {
      SSLEngineResult result = wrapOnce(from);
      switch (result.getStatus()) {
        case OK -> {
          flush();
          return result.bytesConsumed();
        }
        case BUFFER_OVERFLOW ->
            outgoing =
                ByteBuffer.allocate(
                        Math.max(
                            2 * outgoing.capacity(), engine.getSession().getPacketBufferSize()))
                    .flip();
        default -> throw new EOFException("it ended TLS");
      }
    }
  }

  private SSLEngineResult wrapOnce(ByteBuffer... from) throws IOException {
    outgoing.clear();
    try {
      return engine.wrap(from, outgoing);
    } finally {
      outgoing.flip();
    }
  }

  /**
   * Takes one record from the network.
   *
   * @return whether there was one; if not, more must come first, unless it has {@link #ended}
   */
  private boolean unwrap(ByteBuffer into) throws IOException {
    while (true) {
      switch (engine.unwrap(incoming, into).getStatus()) {
        case OK -> {
          return true;
        }
        case CLOSED -> {
          ended = true;
          return false;
        }
        case BUFFER_OVERFLOW -> throw new SSLException("a record longer than TLS allows");
        case BUFFER_UNDERFLOW -> {
          if (!fill()) {
            return false;
          }
        }
      }
    }
  }

  private ByteBuffer emptyClear() {
    int longest = engine.getSession().getApplicationBufferSize();
    if (clear.capacity() < longest) {
      clear = ByteBuffer.allocate(longest);
    }
    return clear.clear();
  }

  /** Whether more bytes came from the network. */
  private boolean fill() throws IOException {
    int packet = engine.getSession().getPacketBufferSize();
    if (incoming.capacity() < packet) {
      incoming = ByteBuffer.allocate(packet).put(incoming).flip();
    }
    incoming.compact();
    try {
      int got = channel.read(incoming);
      ended |= got < 0;
      return got > 0;
    } finally {
      incoming.flip();
    }
  }

  private static boolean hasRemaining(ByteBuffer... buffers) {
    for (ByteBuffer buffer : buffers) {
      if (buffer.hasRemaining()) {
        return true;
      }
    }
    return false;
  }
}
