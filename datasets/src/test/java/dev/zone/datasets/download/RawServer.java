package dev.zone.datasets.download;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A server that no library keeps from saying what is wrong. It closes each connection. */
final class RawServer implements AutoCloseable {
  /** Says what comes, whatever was asked for. */
  interface Speech {
    void say(OutputStream out) throws IOException;
  }

  private final ServerSocket socket;

  RawServer(Speech speech) {
    try {
      socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread thread = new Thread(() -> serve(speech), "raw-server");
    thread.setDaemon(true);
    thread.start();
  }

  /** Says this text, a line break as HTTP has it. */
  static RawServer saying(String text) {
    byte[] bytes = text.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1);
    return new RawServer(out -> out.write(bytes));
  }

  String url() {
    return "http://127.0.0.1:" + socket.getLocalPort() + "/lots.csv";
  }

  private void serve(Speech speech) {
    while (!socket.isClosed()) {
      try (Socket connection = socket.accept()) {
        BufferedReader request =
            new BufferedReader(
                new InputStreamReader(connection.getInputStream(), StandardCharsets.ISO_8859_1));
        String line = request.readLine();
        while (line != null && !line.isEmpty()) {
          line = request.readLine();
        }
        speech.say(connection.getOutputStream());
      } catch (IOException e) {
        // Whoever asked has gone, or the test is over.
        continue;
      }
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
