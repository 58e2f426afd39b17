package dev.zone.launcher.submit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The end of a log, as much as a person reads. */
final class LogTail {
  private static final int LINES = 12;
  private static final int BYTES = 16 << 10;

  private LogTail() {}

  /**
   * The last lines that say something; empty if there is no log.
   *
   * @param from where in the log this application's part begins, bytes
   */
  static String of(Path log, long from) {
    try (SeekableByteChannel channel = Files.newByteChannel(log)) {
      channel.position(Math.max(from, channel.size() - BYTES));
      ByteBuffer bytes = ByteBuffer.allocate(BYTES);
      while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
        // Until the end, or as much as fits.
        continue;
      }
      String text = new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
      List<String> lines = text.lines().filter(line -> !line.isBlank()).toList();
      return String.join("\n", lines.subList(Math.max(0, lines.size() - LINES), lines.size()));
    } catch (IOException e) {
      return "";
    }
  }
}
