package dev.zone.datasets.registry;

import com.google.gson.JsonObject;
import dev.zone.conf.error.ZoneException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Rows that a feed sets aside, on this machine's disk until the feed ends: they may be many. */
final class RejectedRows implements AutoCloseable {
  private static final int BUFFER = 1 << 16;

  private final Path file;
  private final OutputStream out;
  private boolean any;

  RejectedRows() {
    try {
      file = Files.createTempFile("zone-rejected", ".jsonl");
      out = new BufferedOutputStream(Files.newOutputStream(file));
    } catch (IOException e) {
      throw cannot(e);
    }
  }

  void add(JsonObject line) {
    try {
      out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
      any = true;
    } catch (IOException e) {
      throw cannot(e);
    }
  }

  /**
   * Adds lines as another wrote them.
   *
   * @param most how many, from the first
   */
  void add(InputStream lines, long most) throws IOException {
    byte[] buffer = new byte[BUFFER];
    long left = most;
    for (int read = lines.read(buffer); read > 0 && left > 0; read = lines.read(buffer)) {
      int length = 0;
      while (length < read && left > 0) {
        left -= buffer[length++] == '\n' ? 1 : 0;
      }
      out.write(buffer, 0, length);
      any = true;
    }
  }

  /** Writes them to where they stay, if there are any. */
  void writeTo(FeedWriter writer) {
    if (!any) {
      return;
    }
    try {
      out.flush();
    } catch (IOException e) {
      throw cannot(e);
    }
    writer.reject(
        to -> {
          try (InputStream in = Files.newInputStream(file)) {
            in.transferTo(to);
          }
        });
  }

  @Override
  public void close() {
    try {
      out.close();
    } catch (IOException e) {
      throw cannot(e);
    } finally {
      file.toFile().delete();
    }
  }

  private static ZoneException cannot(IOException e) {
    return ZoneException.environment(
        "Cannot keep rows that are set aside (%s)".formatted(e.getMessage()), e);
  }
}
