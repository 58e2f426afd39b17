package dev.zone.datasets.registry;

import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.zone.conf.DatasetSpec;
import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.format.TextBack;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/**
 * Writes rows that feeds set aside so that they are read back as they were, once they are mended: a
 * file for each that was fed, under its name. Rows of one file whose name says nothing about them
 * go into a file of any name.
 */
public final class QuarantineExport {
  private final Quarantine quarantine;
  private final TextBack text;

  /** What files begin with that are to be written, by name. */
  private final Map<String, String> headers = new LinkedHashMap<>();

  /** Rows that are left out, by why. */
  private final Map<String, Long> leftOut = new LinkedHashMap<>();

  private long rows;

  /**
   * @throws ZoneException of the user's if rows of such a dataset cannot be written back
   */
  public QuarantineExport(Quarantine quarantine, DatasetSpec dataset) {
    TextBack.obstacle(dataset)
        .ifPresent(
            why -> {
              throw ZoneException.user(
                  "Cannot export rows of %s: %s (expected lines of text by themselves; make a file of the mended rows as the others were made, -o json names them)"
                      .formatted(dataset.name(), why));
            });
    this.quarantine = quarantine;
    this.text = new TextBack(dataset);
  }

  /**
   * What was written.
   *
   * @param files one, or those of a folder
   * @param folder whether they are in a folder
   * @param leftOut how many rows could not be written, by why
   */
  public record Written(List<Path> files, boolean folder, long rows, Map<String, Long> leftOut) {}

  /**
   * Writes.
   *
   * @param to a place that is free
   * @throws ZoneException of the user's if no row can be written, or the place is not free or no
   *     name for a text; of the environment if it cannot be written
   */
  public Written write(List<String> feeds, Path to) {
    if (Files.exists(to)) {
      throw isThere(to, null);
    }
    forEachRow(feeds, (name, row) -> {});
    Map<String, Long> left = Map.copyOf(leftOut);
    if (rows == 0) {
      throw ZoneException.user(
          "Cannot export rows of %s: %s (expected rows that can be written; -o json names all)"
              .formatted(
                  String.join(", ", feeds),
                  left.isEmpty() ? "there are none" : String.join("; ", left.keySet())));
    }
    boolean folder = headers.size() > 1 || text.namesMatter();
    if (!folder && !TextBack.isPlain(to.getFileName().toString())) {
      throw ZoneException.user(
          "Cannot write %s: it would be read as packed (expected the name of a plain file)"
              .formatted(to));
    }
    Path begun = to.resolveSibling("." + to.getFileName() + "." + UUID.randomUUID());
    try {
      Files.createDirectory(begun);
      writeAll(feeds, begun);
      List<String> names = List.copyOf(headers.keySet());
      Files.move(folder ? begun : begun.resolve(names.get(0)), to);
      return new Written(
          folder ? names.stream().map(to::resolve).toList() : List.of(to), folder, rows, left);
    } catch (FileAlreadyExistsException e) {
      throw isThere(to, e);
    } catch (IOException e) {
      throw cannot(to, e);
    } catch (UncheckedIOException e) {
      throw cannot(to, e.getCause());
    } finally {
      remove(begun);
    }
  }

  private static ZoneException cannot(Path to, IOException e) {
    return ZoneException.environment("Cannot write %s: %s".formatted(to, e.getMessage()), e);
  }

  private static ZoneException isThere(Path to, FileAlreadyExistsException e) {
    return new ZoneException(
        ErrorKind.USER,
        "Cannot write %s: it is there (expected a place that is free)".formatted(to),
        e);
  }

  private void writeAll(List<String> feeds, Path folder) throws IOException {
    try (Folder out = new Folder(folder)) {
      forEachRow(feeds, out::write);
    }
  }

  /** Writes one file at a time: there may be as many as were fed. */
  private final class Folder implements Closeable {
    private final Path folder;
    private String name = "";
    private OutputStream out = OutputStream.nullOutputStream();

    Folder(Path folder) {
      this.folder = folder;
    }

    void write(String to, byte[] row) {
      try {
        if (!to.equals(name)) {
          out.close();
          Path file = folder.resolve(to);
          boolean isNew = !Files.exists(file);
          out =
              new BufferedOutputStream(
                  Files.newOutputStream(
                      file, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
          name = to;
          if (isNew) {
            out.write(text.begin(headers.get(to)));
          }
        }
        out.write(row);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close() throws IOException {
      out.close();
    }
  }

  private static void remove(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
      Files.delete(folder);
    } catch (NoSuchFileException e) {
      // It has its name.
    } catch (IOException e) {
      throw ZoneException.environment("Cannot remove %s: %s".formatted(folder, e.getMessage()), e);
    }
  }

  /**
   * Counts rows, and why others are left out.
   *
   * @param taking gets each row and the name of the file that it belongs to
   */
  private void forEachRow(List<String> feeds, BiConsumer<String, byte[]> taking) {
    rows = 0;
    leftOut.clear();
    for (String feed : feeds) {
      Map<String, String> named = new HashMap<>();
      quarantine.read(
          feed,
          line -> {
            String file = text(line, "file");
            if (line.has(FileFeed.HEADER)) {
              named.put(file, text(line, FileFeed.HEADER));
            } else {
              row(line, text.place(file, text(line, "where")), named.get(file), taking);
            }
          });
    }
  }

  /**
   * @param header of its file; null if that is not known
   */
  private void row(
      JsonObject line, TextBack.Place place, String header, BiConsumer<String, byte[]> taking) {
    if (!line.has("text")) {
      leaveOut("they are longer than what is kept of a row");
    } else if (place.name().isEmpty()) {
      leaveOut(place.obstacle());
    } else if (text.hasHeader() && header == null) {
      leaveOut("the names of their columns were not kept");
    } else {
      try {
        byte[] row = text.row(text(line, "text"));
        String columns = text.hasHeader() ? header : "";
        String others = headers.putIfAbsent(place.name(), columns);
        if (others == null || others.equals(columns)) {
          taking.accept(place.name(), row);
          rows++;
        } else {
          leaveOut("files named %s have different headers".formatted(place.name()));
        }
      } catch (CharacterCodingException e) {
        leaveOut("they cannot be written in the encoding of the files");
      }
    }
  }

  private void leaveOut(String why) {
    leftOut.merge(why, 1L, Long::sum);
  }

  /** Whoever may write to a registry may have written anything. */
  private static String text(JsonObject json, String key) {
    return json.get(key) instanceof JsonPrimitive value ? value.getAsString() : "";
  }
}
