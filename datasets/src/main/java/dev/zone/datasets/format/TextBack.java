package dev.zone.datasets.format;

import dev.zone.conf.ColumnSpec;
import dev.zone.conf.DatasetSpec;
import dev.zone.conf.SourceSpec;
import dev.zone.conf.SourceSpec.FileSpec;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Rows of text that were set aside, as files from which they are read as they were. */
public final class TextBack {
  private final DatasetSpec dataset;
  private final Charset charset;
  private final int skip;

  /** By the text that rows came of. */
  private final Map<String, Place> places = new HashMap<>();

  /**
   * @param dataset one that {@link #obstacle} has nothing against
   */
  public TextBack(DatasetSpec dataset) {
    this.dataset = dataset;
    boolean delimited = dataset.source() instanceof SourceSpec.Delimited;
    charset =
        delimited
            ? DelimitedText.charset(((SourceSpec.Delimited) dataset.source()).encoding())
            : StandardCharsets.UTF_8;
    skip = delimited ? ((SourceSpec.Delimited) dataset.source()).skip() : 0;
  }

  /**
   * Where rows of a text are written.
   *
   * @param name of the file; empty if they cannot be
   * @param obstacle why they cannot be; empty if they can
   */
  public record Place(String name, String obstacle) {}

  /**
   * Why rows of a dataset cannot be written back, whatever file they came of; empty if they can.
   */
  public static Optional<String> obstacle(DatasetSpec dataset) {
    if (dataset.source() instanceof SourceSpec.Delimited delimited) {
      if (!DelimitedText.charset(delimited.encoding()).canEncode()) {
        return Optional.of("nobody writes its encoding " + delimited.encoding());
      }
    } else if (!(dataset.source() instanceof SourceSpec.JsonLines)) {
      return Optional.of("its rows are no lines of text");
    }
    List<String> companions = DatasetFiles.companions(dataset);
    if (!companions.isEmpty()) {
      return Optional.of("its rows are read together with " + String.join(", ", companions));
    }
    return dataset.columns().values().stream().anyMatch(ColumnSpec::rowNumber)
        ? Optional.of("one of its columns is the number that a row has in its file")
        : Optional.empty();
  }

  /** Whether a file's name says something about its rows. */
  public boolean namesMatter() {
    List<FileSpec> entries = dataset.source().files();
    return entries.size() > 1 || entries.stream().anyMatch(entry -> entry.name().isPresent());
  }

  /** Whether a file of that name is read as the text it is. */
  public static boolean isPlain(String name) {
    return TextContents.isPlain(name);
  }

  /** Whether the first line behind those that are skipped names the columns. */
  public boolean hasHeader() {
    return dataset.source() instanceof SourceSpec.Delimited delimited && delimited.header();
  }

  /**
   * Where rows are to be written.
   *
   * @param file that was fed
   * @param where the row was: the text, a colon and its line
   */
  public Place place(String file, String where) {
    int colon = where.lastIndexOf(':');
    String text = colon < 0 ? file : where.substring(0, colon);
    return places.computeIfAbsent(
        file + "\n" + text,
        none -> find(file, text.startsWith(file + "!/") ? text.substring(file.length() + 2) : ""));
  }

  /**
   * @param entry of the archive that the file is; empty if it is none
   */
  private Place find(String file, String entry) {
    String path = entry.isEmpty() ? file : entry;
    String name = Packed.unpackedName(path.substring(path.lastIndexOf('/') + 1));
    List<FileSpec> entries = DatasetFiles.entriesOf(dataset, file);
    if (entries.isEmpty()) {
      return new Place("", "the descriptor has no files such as " + file);
    }
    if (entries.size() > 1) {
      return new Place("", "several entries of the descriptor read " + file);
    }
    FileSpec read = entries.get(0);
    if (read.transposed() || read.rows().isPresent()) {
      return new Place(
          "", "what is a row of %s depends on where it stands in the file".formatted(file));
    }
    boolean same;
    try {
      same =
          DatasetFiles.entriesOf(dataset, name).equals(entries)
              && TextContents.constants(read, name).equals(TextContents.constants(read, path));
    } catch (FormatException e) {
      same = false;
    }
    return same && isName(name)
        ? new Place(name, "")
        : new Place(
            "",
            "no plain file is read as %s is, whose name says what its rows are".formatted(path));
  }

  /** Whoever may write to a registry may also have written names that lead elsewhere. */
  private static boolean isName(String name) {
    return !name.isEmpty()
        && !name.equals(".")
        && !name.equals("..")
        && name.chars().noneMatch(c -> c == '/' || c == '\\' || c < ' ')
        && TextContents.isPlain(name);
  }

  /**
   * What a file begins with.
   *
   * @param header the line that names the columns; not looked at if the files have none
   * @throws CharacterCodingException if it cannot be written in the files' encoding
   */
  public byte[] begin(String header) throws CharacterCodingException {
    return encode("\n".repeat(skip) + (hasHeader() ? header + "\n" : ""));
  }

  /**
   * A row, to go behind what a file begins with and other rows.
   *
   * @throws CharacterCodingException if it cannot be written in the files' encoding
   */
  public byte[] row(String text) throws CharacterCodingException {
    byte[] bytes = encode(text + "\n");
    // Some encodings put a mark before whatever is encoded.
    int mark = 2 * encode("\n").length - encode("\n\n").length;
    return mark == 0 ? bytes : Arrays.copyOfRange(bytes, mark, bytes.length);
  }

  private byte[] encode(String text) throws CharacterCodingException {
    ByteBuffer bytes = charset.newEncoder().encode(CharBuffer.wrap(text));
    return Arrays.copyOf(bytes.array(), bytes.limit());
  }
}
