package dev.zone.datasets.format;

import com.google.gson.stream.JsonReader;
import dev.zone.conf.DatasetSpec;
import dev.zone.conf.error.Problems;
import dev.zone.datasets.Origins;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.concurrent.atomic.AtomicLong;

/** JSON lines: an object a line, in UTF-8. Lines of blanks are no rows. */
final class JsonLinesReader {
  private final DatasetSpec dataset;
  private final TableBuilder table;
  private final Limits limits;
  private final Optional<PiecePool> pool;

  /**
   * @param pool reads in pieces; empty if all rows go into the table
   */
  JsonLinesReader(
      DatasetSpec dataset, TableBuilder table, Limits limits, Optional<PiecePool> pool) {
    this.dataset = dataset;
    this.table = table;
    this.limits = limits;
    this.pool = pool;
  }

  /** What is the same for all pieces of a text. */
  record Text(Origins.Source source, Map<String, String> constants, List<String> keys) {}

  /** Takes the pieces of a text. */
  interface Taking {
    void take(Text text, RecordChunks.Chunk chunk);
  }

  void read(SourceFile file) throws IOException {
    new TextContents(limits, table.problems())
        .read(
            file,
            (name, in, constants) ->
                read(
                    new Text(DelimitedReader.source(file.spec(), name), constants, List.of()), in));
  }

  private void read(Text named, InputStream in) throws IOException {
    AtomicLong rows = new AtomicLong();
    boolean inPieces = pool.isPresent() && !table.countsRows();
    cut(
        named,
        in,
        limits,
        (text, chunk) -> {
          if (inPieces) {
            pool.get().submit(problems -> piece(dataset, text, chunk, rows, problems));
          } else {
            table.begin(text.source());
            rows.addAndGet(rows(text, chunk, table));
          }
        });
    pool.ifPresent(PiecePool::await);
    DelimitedRows.checkAny(false, rows.get());
  }

  /**
   * Cuts a text.
   *
   * @param named its keys not known yet
   */
  static void cut(Text named, InputStream in, Limits limits, Taking taking) throws IOException {
    RecordChunks chunks =
        new RecordChunks(
            in, 0, Optional.empty(), StandardCharsets.UTF_8, limits.chunkBytes(), new Spares());
    Optional<Text> text = Optional.empty();
    for (Optional<RecordChunks.Chunk> next = chunks.next();
        next.isPresent();
        next = chunks.next()) {
      RecordChunks.Chunk chunk = next.get();
      if (text.isEmpty()) {
        List<String> keys = keys(chunks.first(chunk)[0]);
        text = Optional.of(new Text(named.source(), named.constants(), keys));
      }
      taking.take(text.get(), chunk);
    }
  }

  /** Of the first row: what columns that are patterns stand for. */
  private static List<String> keys(RecordChunks.Chunk first) throws IOException {
    List<String> keys = new ArrayList<>();
    try (JsonReader json =
        JsonRows.reader(new StringReader(decode(first.bytes(), 0, first.length())))) {
      json.beginObject();
      while (json.hasNext()) {
        keys.add(json.nextName());
        json.skipValue();
      }
    } catch (IOException | IllegalStateException e) {
      throw new FormatException(
          "Cannot read the first row: it is no object of JSON (expected an object a line)", e);
    }
    return keys;
  }

  /**
   * Reads a piece.
   *
   * @param count is told how many rows there were
   */
  static PiecePool.Content piece(
      DatasetSpec dataset,
      Text text,
      RecordChunks.Chunk chunk,
      AtomicLong count,
      Problems problems) {
    TableBuilder piece = TableBuilder.ofPiece(dataset, problems);
    Faults.gather(
        text.source().name(),
        problems,
        () -> {
          piece.begin(text.source());
          count.addAndGet(rows(text, chunk, piece));
        });
    if (!problems.isEmpty()) {
      count.incrementAndGet();
      return PiecePool.Content.NONE;
    }
    return piece.content(lines -> written(chunk, lines));
  }

  private static long rows(Text text, RecordChunks.Chunk chunk, TableBuilder into) {
    JsonRows rows = new JsonRows(into, text.keys(), text.constants());
    if (!rows.isUsable(text.source().name())) {
      return 1;
    }
    long[] count = new long[1];
    forEachLine(
        chunk,
        (line, from, to) -> {
          rows.row(line, decode(chunk.bytes(), from, to));
          count[0]++;
        });
    return count[0];
  }

  private static Map<Integer, String> written(RecordChunks.Chunk chunk, SortedSet<Integer> lines) {
    Map<Integer, String> found = new HashMap<>();
    forEachLine(
        chunk,
        (line, from, to) -> {
          if (lines.contains(line)) {
            found.put(line, decode(chunk.bytes(), from, to));
          }
        });
    return found;
  }

  /** Takes a line that is no blank one. */
  private interface Line {
    void take(int line, int from, int to);
  }

  private static void forEachLine(RecordChunks.Chunk chunk, Line taking) {
    byte[] bytes = chunk.bytes();
    int line = (int) chunk.firstLine();
    int at = 0;
    while (at < chunk.length()) {
      int end = at;
      while (end < chunk.length() && bytes[end] != '\n' && bytes[end] != '\r') {
        end++;
      }
      if (!isBlank(bytes, at, end)) {
        taking.take(line, at, end);
      }
      boolean both = end + 1 < chunk.length() && bytes[end] == '\r' && bytes[end + 1] == '\n';
      at = end + (both ? 2 : 1);
      line++;
    }
  }

  private static boolean isBlank(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      if (bytes[i] != ' ' && bytes[i] != '\t') {
        return false;
      }
    }
    return true;
  }

  private static String decode(byte[] bytes, int from, int to) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes, from, to - from))
          .toString();
    } catch (CharacterCodingException e) {
      throw new FormatException("Cannot read text: bytes that are not in the encoding UTF-8", e);
    }
  }
}
