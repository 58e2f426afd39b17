package dev.zone.jobs.collective;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** A connection that never blocks, plain or inside TLS. To be used by one thread at a time. */
interface Wire extends Closeable {
  SocketChannel channel();

  /**
   * Reads what is there.
   *
   * @return how many bytes; 0 if there are none now; -1 if there will be none
   */
  int read(ByteBuffer into) throws IOException;

  /**
   * Takes bytes, as many as it can without waiting. What was taken may still be held: see {@link
   * #flush}.
   *
   * @return how many bytes
   */
  long write(ByteBuffer... from) throws IOException;

  /** Whether all that was taken is with the socket now. */
  boolean flush() throws IOException;

  /**
   * The selector's operations after one of which it is worth to try again.
   *
   * @param read bytes are wanted
   * @param write bytes are to be written
   */
  int interest(boolean read, boolean write);

  /**
   * What ties a proof to this connection, so that a go-between who holds one connection to each
   * side cannot pass proofs on: the digest of the accepting side's certificate, as both sides see
   * it ("tls-server-end-point" of RFC 5929). Empty if the connection is plain.
   */
  byte[] binding() throws IOException;
}
