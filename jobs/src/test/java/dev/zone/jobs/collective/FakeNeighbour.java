package dev.zone.jobs.collective;

import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;

/** Rank 0 of a ring of two that knows the secret, and says what a test wants. */
final class FakeNeighbour implements Closeable {
  private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getByName("localhost"));
  private final Handshake handshake = new Handshake(Rings.SECRET, Rings.GUARD.attempt());
  private Socket forward = new Socket();
  private Socket backward = new Socket();

  /** What it said to prove itself, as one on the wire records it. */
  private byte[] hello = {};

  FakeNeighbour() throws IOException {}

  InetSocketAddress address() {
    return new InetSocketAddress("localhost", server.getLocalPort());
  }

  /** As both sides of a genuine handshake. */
  void meet(InetSocketAddress other) throws IOException {
    forward = new Socket(other.getAddress(), other.getPort());
    DataInputStream in = new DataInputStream(forward.getInputStream());
    byte[] theirs = in.readNBytes(Handshake.NONCE_BYTES);
    byte[] mine = new byte[Handshake.NONCE_BYTES];
    hello = handshake.hello(0, 1, theirs, mine, new byte[0]).array();
    forward.getOutputStream().write(hello);
    byte[] accepted = in.readNBytes(Handshake.PROOF_BYTES);
    if (!MessageDigest.isEqual(accepted, handshake.acceptance(0, 1, theirs, mine, new byte[0]))) {
      throw new IOException("not accepted");
    }
    answer(handshake);
  }

  byte[] recordedHello() {
    return hello;
  }

  /** Accepts the other's call, with a proof by the given handshake. */
  void answer(Handshake mine) throws IOException {
    backward = server.accept();
    byte[] nonce = new byte[Handshake.NONCE_BYTES];
    backward.getOutputStream().write(nonce);
    ByteBuffer greeting =
        ByteBuffer.wrap(backward.getInputStream().readNBytes(Handshake.HELLO_BYTES));
    byte[] theirs = handshake.verifyHello(greeting, 1, 0, nonce, new byte[0]).orElseThrow();
    backward.getOutputStream().write(mine.acceptance(1, 0, nonce, theirs, new byte[0]));
  }

  /** A message with values behind its header. */
  static byte[] message(Frame frame, float... values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Frame.BYTES + values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
    frame.put(bytes);
    for (float value : values) {
      bytes.putFloat(value);
    }
    return bytes.array();
  }

  void send(byte[] bytes) throws IOException {
    forward.getOutputStream().write(bytes);
  }

  /** Where a ring carries nothing but farewells. */
  void sendBack(byte[] bytes) throws IOException {
    backward.getOutputStream().write(bytes);
  }

  byte[] receive(int count) throws IOException {
    return backward.getInputStream().readNBytes(count);
  }

  /** What comes from the other on the connection on which it only receives. */
  byte[] receiveFarewell() throws IOException {
    return forward.getInputStream().readNBytes(Frame.BYTES);
  }

  @Override
  public void close() throws IOException {
    server.close();
    forward.close();
    backward.close();
  }
}
