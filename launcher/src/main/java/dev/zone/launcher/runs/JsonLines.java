package dev.zone.launcher.runs;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Follows a growing file of JSON objects, one a line. The file may appear late, and its folder may
 * be renamed between two looks. Lines that are not objects are skipped: what another process writes
 * must not end the one that watches.
 */
final class JsonLines {
  private static final int CHUNK_BYTES = 1 << 20;

  /** A longer line is no record of ours; it is dropped. */
  private static final int LONGEST_LINE_BYTES = 4 << 20;

  private final String name;
  private long offset;
  private byte[] rest = new byte[0];

  JsonLines(String name) {
    this.name = name;
  }

  /** Leaves out what is there now. */
  void skip(Path folder) {
    try {
      offset = Files.size(folder.resolve(name));
    } catch (IOException notThere) {
      offset = 0;
    }
  }

  /** The objects whose lines were completed since the last call. */
  List<JsonObject> poll(Path folder) {
    List<JsonObject> found = new ArrayList<>();
    try (SeekableByteChannel channel = Files.newByteChannel(folder.resolve(name))) {
      channel.position(offset);
      ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES);
      for (int read = channel.read(chunk); read > 0; read = channel.read(chunk.clear())) {
        offset += read;
        take(chunk.array(), read, found);
      }
    } catch (NoSuchFileException notYet) {
      return found;
    } catch (IOException e) {
      // The next look tries again from the same place.
      return found;
    }
    return found;
  }

  private void take(byte[] bytes, int length, List<JsonObject> found) {
    int start = 0;
    for (int i = 0; i < length; i++) {
      if (bytes[i] == '\n') {
        byte[] line = join(bytes, start, i);
        rest = new byte[0];
        start = i + 1;
        parse(line, found);
      }
    }
    byte[] begun = join(bytes, start, length);
    rest = begun.length > LONGEST_LINE_BYTES ? new byte[0] : begun;
  }

  private byte[] join(byte[] bytes, int from, int to) {
    byte[] line = Arrays.copyOf(rest, rest.length + to - from);
    System.arraycopy(bytes, from, line, rest.length, to - from);
    return line;
  }

  private static void parse(byte[] line, List<JsonObject> found) {
    parse(new String(line, StandardCharsets.UTF_8)).ifPresent(found::add);
  }

  /** The object of a line; empty if it holds none. */
  static Optional<JsonObject> parse(String line) {
    try {
      JsonElement element = JsonParser.parseString(line);
      return element.isJsonObject() ? Optional.of(element.getAsJsonObject()) : Optional.empty();
    } catch (JsonParseException e) {
      // A damaged line says nothing; the records before and after it still do.
      return Optional.empty();
    }
  }
}
