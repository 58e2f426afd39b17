package dev.zone.datasets.prepare;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import dev.zone.datasets.Origins;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/**
 * Where examples come from: one JSON file with the sources, and for each split a binary file of two
 * big endian ints an example, source and row in it.
 */
final class OriginFiles {
  static final String SOURCES = "origins.json";
  private static final int BYTES = 2 * Integer.BYTES;

  private OriginFiles() {}

  private record Stored(String name, Origins.Kind kind, List<String> entries) {}

  static void writeSources(Path folder, Origins origins) throws IOException {
    List<Stored> stored =
        origins.sources().stream()
            .map(source -> new Stored(source.name(), source.kind(), source.entries()))
            .toList();
    Files.writeString(folder.resolve(SOURCES), new Gson().toJson(stored));
  }

  static void write(Path file, Examples examples, Origins origins) throws IOException {
    try (OutputStream raw = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW);
        DataOutputStream out = new DataOutputStream(new BufferedOutputStream(raw, 1 << 16))) {
      for (int i = 0; i < examples.size(); i++) {
        int row = examples.row(i);
        out.writeInt(origins.source(row));
        out.writeInt(origins.position(row));
      }
    }
  }

  /** Memory-mapped, with the sources read at the first question. */
  static final class Mapped {
    private final Path folder;
    private final ByteBuffer rows;
    private Origins.Source[] sources = new Origins.Source[0];

    private Mapped(Path folder, ByteBuffer rows) {
      this.folder = folder;
      this.rows = rows;
    }

    static Mapped map(Path folder, String name, int size) throws IOException {
      Path file = folder.resolve(name);
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
        if (channel.size() != (long) size * BYTES) {
          throw FloatArray.broken(
              file, channel.size() + " bytes (expected " + (long) size * BYTES + ")");
        }
        return new Mapped(folder, channel.map(MapMode.READ_ONLY, 0, channel.size()));
      }
    }

    synchronized String text(int example) {
      if (sources.length == 0) {
        sources = read(folder);
      }
      return sources[rows.getInt(example * BYTES)].text(
          rows.getInt(example * BYTES + Integer.BYTES));
    }

    private static Origins.Source[] read(Path folder) {
      Path file = folder.resolve(SOURCES);
      try (Reader reader = Files.newBufferedReader(file)) {
        Stored[] stored = new Gson().fromJson(reader, Stored[].class);
        Origins.Source[] sources = new Origins.Source[stored.length];
        for (int i = 0; i < stored.length; i++) {
          sources[i] =
              new Origins.Source(
                  stored[i].name(), stored[i].kind(), Optional.empty(), stored[i].entries());
        }
        return sources;
      } catch (IOException | JsonParseException e) {
        throw FloatArray.broken(file, "no list of sources");
      }
    }
  }
}
