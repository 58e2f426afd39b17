package dev.zone.launcher.faults;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Random;

/** A stranger who connects again and again: silent, with garbage, with what somebody else sent. */
final class Flood {
  private static final int OPEN_AT_ONCE = 200;
  private static final int LARGEST = 64 << 10;

  private final Random random;
  private final byte[] overheard = new byte[76];

  Flood(long seed) {
    this.random = new Random(seed);
    // A hello that is right in form: magic, rank, nonce, proof.
    random.nextBytes(overheard);
    System.arraycopy(
        "ZONERING".getBytes(java.nio.charset.StandardCharsets.US_ASCII), 0, overheard, 0, 8);
    java.nio.ByteBuffer.wrap(overheard).putInt(8, 0);
  }

  /**
   * Connects.
   *
   * @return how many connections were accepted
   */
  int connect(String address, Collection<Integer> ports, int times) throws IOException {
    Deque<Socket> open = new ArrayDeque<>();
    int accepted = 0;
    try {
      for (int i = 0; i < times; i++) {
        for (int port : ports) {
          Socket socket = new Socket();
          try {
            socket.connect(new InetSocketAddress(address, port), 1000);
            accepted++;
            open.add(socket);
            send(socket, i);
          } catch (IOException e) {
            // Refused or cut, as a stranger should be.
            socket.close();
          }
          while (open.size() > OPEN_AT_ONCE) {
            open.remove().close();
          }
        }
      }
    } finally {
      for (Socket socket : open) {
        socket.close();
      }
    }
    return accepted;
  }

  private void send(Socket socket, int kind) throws IOException {
    OutputStream out = socket.getOutputStream();
    switch (kind % 4) {
      case 0 -> out.flush();
      case 1 -> out.write(garbage(1 + random.nextInt(100)));
      case 2 -> out.write(overheard);
      default -> out.write(garbage(LARGEST));
    }
  }

  private byte[] garbage(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }
}
