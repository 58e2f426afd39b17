package dev.zone.datasets.registry;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.zone.conf.DatasetSpec;
import dev.zone.conf.SourceSpec.FileSpec;
import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.Problems;
import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.admission.RowSample;
import dev.zone.datasets.format.FilePiece;
import dev.zone.datasets.format.Limits;
import dev.zone.datasets.format.Pieces;
import dev.zone.datasets.storage.PlacedFile;
import dev.zone.datasets.storage.Storage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A part of a feed: a piece of a file that is read by itself, wherever file and registry can be
 * reached. What is the file's fault comes back as an answer; storages that fail are thrown, so that
 * the task is done again.
 *
 * @param what is to come of it
 * @param dataset place of the dataset's folder in the registry
 * @param descriptor the dataset's, as text
 * @param feed the feed's id; empty if nothing is to be written
 * @param source the file, and how it is read
 * @param chunkBytes as {@link Limits} has it
 * @param largest of the feed's sample so far: {@link RowSample#largest}
 * @param objections rows to be set aside for what stands in others
 * @param columns of the dataset, in order; none if that is not known: {@link FeedColumns#names}
 */
record FeedTask(
    What what,
    String dataset,
    String descriptor,
    Optional<String> feed,
    Source source,
    FilePiece piece,
    int chunkBytes,
    long largest,
    Objections objections,
    List<String> columns) {

  /**
   * A file, and how it is read.
   *
   * @param file its place
   * @param entry which of the descriptor's entries reads it, from 0
   */
  record Source(String file, int entry) {}

  /** What is to come of a task. */
  enum What {
    /** Names of the columns of its first rows: nothing is written. */
    COLUMNS,
    /** {@link CheckValues}: nothing is written. */
    CHECKS,
    /** A {@link PieceOutcome}. */
    ROWS
  }

  private static final byte DONE = 0;
  private static final byte FAILED = 1;

  byte[] toBytes() {
    JsonObject json = new JsonObject();
    json.addProperty("what", what.name().toLowerCase(Locale.ROOT));
    json.addProperty("dataset", dataset);
    json.addProperty("descriptor", descriptor);
    feed.ifPresent(id -> json.addProperty("feed", id));
    json.addProperty("file", source.file());
    json.addProperty("entry", source.entry());
    json.add("piece", piece.toJson());
    json.addProperty("chunkBytes", chunkBytes);
    json.addProperty("largest", largest);
    json.addProperty("objections", objections.toText());
    JsonArray names = new JsonArray();
    columns.forEach(names::add);
    json.add("columns", names);
    return json.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static FeedTask of(byte[] bytes) {
    JsonObject json =
        JsonParser.parseString(new String(bytes, StandardCharsets.UTF_8)).getAsJsonObject();
    List<String> columns = new ArrayList<>();
    json.getAsJsonArray("columns").forEach(name -> columns.add(name.getAsString()));
    return new FeedTask(
        What.valueOf(json.get("what").getAsString().toUpperCase(Locale.ROOT)),
        json.get("dataset").getAsString(),
        json.get("descriptor").getAsString(),
        Optional.ofNullable(json.get("feed")).map(id -> id.getAsString()),
        new Source(json.get("file").getAsString(), json.get("entry").getAsInt()),
        FilePiece.of(json.getAsJsonObject("piece")),
        json.get("chunkBytes").getAsInt(),
        json.get("largest").getAsLong(),
        Objections.of(json.get("objections").getAsString()),
        columns);
  }

  /**
   * Does a task.
   *
   * @param storages opens a folder by its place: a path or a URI
   * @return its answer, for whoever made the task
   * @throws ZoneException of the environment if a storage fails
   */
  static byte[] run(byte[] task, Function<String, Storage> storages) {
    try {
      byte[] content = of(task).answer(storages);
      byte[] answer = new byte[content.length + 1];
      answer[0] = DONE;
      System.arraycopy(content, 0, answer, 1, content.length);
      return answer;
    } catch (ZoneException e) {
      if (e.kind() == ErrorKind.ENVIRONMENT || e.kind() == ErrorKind.INTERNAL) {
        throw e;
      }
      byte[] text = (e.kind() + "\n" + e.getMessage()).getBytes(StandardCharsets.UTF_8);
      byte[] answer = new byte[text.length + 1];
      answer[0] = FAILED;
      System.arraycopy(text, 0, answer, 1, text.length);
      return answer;
    }
  }

  /**
   * What a task's answer holds.
   *
   * @throws ZoneException what the task failed with
   */
  static byte[] content(byte[] answer) {
    byte[] content = new byte[answer.length - 1];
    System.arraycopy(answer, 1, content, 0, content.length);
    if (answer[0] == DONE) {
      return content;
    }
    String text = new String(content, StandardCharsets.UTF_8);
    int end = text.indexOf('\n');
    throw new ZoneException(ErrorKind.valueOf(text.substring(0, end)), text.substring(end + 1));
  }

  private byte[] answer(Function<String, Storage> storages) {
    try (PlacedFile placed = PlacedFile.of(source.file(), storages);
        Storage folder = storages.apply(dataset)) {
      if (!placed.isFile() && !placed.isFolder()) {
        throw unreachable("read the file", source.file());
      }
      return switch (what) {
        case COLUMNS -> columns(placed);
        case CHECKS -> checks(placed);
        case ROWS -> rows(placed, folder);
      };
    } catch (IOException e) {
      throw ZoneException.environment(
          "Cannot read %s: %s".formatted(source.file(), e.getMessage()), e);
    }
  }

  private static ZoneException unreachable(String verb, String place) {
    return ZoneException.user(
        "Cannot %s on %s, where a worker is: %s (expected files and a registry that all workers reach: in a folder that is mounted on all of their machines, or by a URI such as hdfs://namenode:8020/lots)"
            .formatted(verb, host(), place));
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "its machine";
    }
  }

  private DatasetSpec spec() {
    return RegisteredDataset.spec(descriptor, dataset + "/" + Registry.DESCRIPTOR);
  }

  private byte[] columns(PlacedFile placed) {
    DatasetSpec spec = spec();
    FeedColumns found = new FeedColumns(spec);
    look(
        placed,
        spec,
        read -> {
          found.require(read.table());
          throw new Enough();
        });
    JsonArray names = new JsonArray();
    found.names().forEach(names::add);
    return names.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** Names that an answer to {@link What#COLUMNS} has; none of a piece without rows. */
  static List<String> columns(byte[] content) {
    List<String> names = new ArrayList<>();
    JsonParser.parseString(new String(content, StandardCharsets.UTF_8))
        .getAsJsonArray()
        .forEach(name -> names.add(name.getAsString()));
    return names;
  }

  private byte[] checks(PlacedFile placed) {
    DatasetSpec spec = spec();
    RowChecks checks = new RowChecks(spec);
    FeedColumns known = new FeedColumns(spec, columns);
    byte[][] values = {new byte[0]};
    look(
        placed,
        spec,
        read -> {
          known.require(read.table());
          values[0] = checks.values(read).toBytes();
        });
    return values[0];
  }

  /** Looks at rows that are not written: of those of other columns no more than that. */
  private void look(PlacedFile placed, DatasetSpec spec, Consumer<Pieces.Piece> looking) {
    try {
      long unused =
          FeedReading.pieces(spec, entry(spec), placed, limits())
              .read(
                  placed,
                  piece,
                  1,
                  new Pieces() {
                    @Override
                    public void inOrder(Piece read) {
                      looking.accept(read);
                    }

                    @Override
                    public void take(Piece read) {
                      // It is read again once all is decided.
                    }
                  },
                  new Problems());
    } catch (Enough | OtherColumns e) {
      // What is wrong is told where the rows are to be written.
    }
  }

  /** Ends the reading of a piece once its columns are known. */
  @SuppressWarnings("serial") // Caught in this class.
  private static final class Enough extends RuntimeException {
    Enough() {
      super("enough", null, false, false);
    }
  }

  private byte[] rows(PlacedFile placed, Storage folder) throws IOException {
    DatasetSpec spec = spec();
    RowChecks checks = new RowChecks(spec);
    Optional<FeedWriter> writer = feed.map(id -> FeedWriter.ofPart(folder, id));
    if (writer.isPresent() && !writer.get().isReached()) {
      throw unreachable("write to the registry", dataset);
    }
    FileSpec entry = entry(spec);
    Problems problems = new Problems();
    boolean[] begun = new boolean[1];
    try (RejectedRows rejected = new RejectedRows()) {
      FileFeed rows =
          new FileFeed(
              new FileFeed.Origin(placed.name(), () -> "", entry.split(), FileLives.NONE),
              new FeedColumns(spec, columns),
              read -> checks.object(read, objections),
              new RowSample(largest),
              writer,
              line -> {
                // Whose row is the file's first that is set aside is known where all comes
                // together; others are those of more texts of an archive.
                if (begun[0] || !line.has(FileFeed.HEADER)) {
                  rejected.add(line);
                }
                begun[0] = true;
              });
      long records =
          FeedReading.pieces(spec, entry, placed, limits()).read(placed, piece, 1, rows, problems);
      writer.ifPresent(rejected::writeTo);
      return rows.outcome(records, writer.map(FeedWriter::rejected), problems).toBytes();
    } catch (OtherColumns e) {
      return PieceOutcome.of(e).toBytes();
    }
  }

  private FileSpec entry(DatasetSpec spec) {
    return spec.source().files().get(source.entry());
  }

  private Limits limits() {
    return Limits.DEFAULT.withChunkBytes(chunkBytes);
  }
}
