package dev.zone.datasets.format;

import dev.zone.conf.DatasetSpec;
import dev.zone.conf.SourceSpec;
import dev.zone.conf.error.Problems;
import dev.zone.datasets.Origins;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.concurrent.atomic.AtomicLong;

/** Delimited text in pieces of whole records, which are read by several threads. */
final class DelimitedPieces {
  private static final String UTF_8 = "UTF-8";

  /** There may be more: memory is made for so many at once. */
  private static final int MOST_ROWS = 1 << 20;

  private final DatasetSpec dataset;
  private final SourceSpec.Delimited spec;
  private final Limits limits;
  private final Spares spares;

  /**
   * @param spares memory of pieces that were taken
   */
  DelimitedPieces(DatasetSpec dataset, SourceSpec.Delimited spec, Limits limits, Spares spares) {
    this.dataset = dataset;
    this.spec = spec;
    this.limits = limits;
    this.spares = spares;
  }

  /** What is the same for all pieces of a text. */
  record Text(
      Origins.Source source,
      Map<String, String> constants,
      String encoding,
      List<String> columns,
      String header) {}

  /** Takes the pieces of a text. */
  interface Taking {
    void take(Text text, RecordChunks.Chunk chunk);
  }

  void read(PiecePool pool, Origins.Source source, InputStream in, Map<String, String> constants)
      throws IOException {
    AtomicLong rows = new AtomicLong();
    Problems ofHeader = new Problems();
    boolean begun =
        cut(
            new Text(source, constants, encoding(), List.of(), ""),
            in,
            (text, chunk) -> pool.submit(problems -> read(text, chunk, rows, problems)),
            ofHeader);
    if (!ofHeader.isEmpty()) {
      pool.tell(ofHeader);
      return;
    }
    pool.await();
    DelimitedRows.checkAny(!begun && spec.header(), rows.get());
  }

  /** Of what is cut. */
  String encoding() {
    return canCut(spec) ? spec.encoding() : UTF_8;
  }

  /** Whether pieces of files in the descriptor's encoding can be read by themselves. */
  static boolean canCut(SourceSpec.Delimited spec) {
    return RecordChunks.canCut(DelimitedText.charset(spec.encoding()));
  }

  /**
   * Cuts a text.
   *
   * @param named its columns and header not known yet
   * @param problems receives what is wrong with the header; then there are no pieces
   * @return whether there was anything
   */
  boolean cut(Text named, InputStream in, Taking taking, Problems problems) throws IOException {
    boolean blanks = spec.separator().length() > 1;
    RecordChunks chunks =
        new RecordChunks(
            canCut(spec) ? in : new Utf8Stream(in, DelimitedText.charset(spec.encoding())),
            spec.skip(),
            blanks ? Optional.empty() : Optional.of(spec.separator()),
            Charset.forName(named.encoding()),
            limits.chunkBytes(),
            spares);
    Optional<Text> text = Optional.empty();
    for (Optional<RecordChunks.Chunk> next = chunks.next();
        next.isPresent();
        next = chunks.next()) {
      RecordChunks.Chunk chunk = next.get();
      if (text.isEmpty()) {
        RecordChunks.Chunk[] parts =
            spec.header()
                ? chunks.first(chunk)
                : new RecordChunks.Chunk[] {
                  new RecordChunks.Chunk(
                      new byte[0], 0, chunk.place(), chunk.firstLine(), false, 0),
                  chunk
                };
        text = begin(named, parts[0], problems);
        if (text.isEmpty()) {
          return true;
        }
        if (parts[1] != chunk) {
          spares.give(chunk.bytes());
        }
        chunk = parts[1];
      }
      taking.take(text.get(), chunk);
    }
    return text.isPresent();
  }

  /** Reads the header, if there is one; empty if the text cannot be used, which is told. */
  private Optional<Text> begin(Text text, RecordChunks.Chunk header, Problems problems)
      throws IOException {
    TableBuilder table = TableBuilder.ofPiece(dataset, problems);
    table.begin(text.source());
    DelimitedRows rows =
        new DelimitedRows(
            table,
            new DelimitedRows.File(
                text.source().name(),
                text.constants(),
                DelimitedReader.columns(spec, table, text.constants()),
                Optional.empty()),
            spec,
            limits);
    new DelimitedText(spec.separator(), text.encoding(), limits)
        .read(
            new ByteArrayInputStream(header.bytes(), 0, header.length()),
            header.firstLine(),
            0,
            rows);
    if (!rows.isUsable()) {
      if (problems.isEmpty()) {
        DelimitedRows.checkAny(true, 0);
      }
      return Optional.empty();
    }
    return Optional.of(
        new Text(
            text.source(),
            text.constants(),
            text.encoding(),
            rows.names(),
            table.faults().rejections().map(Rejections::header).orElse("")));
  }

  /**
   * Reads a piece.
   *
   * @param count is told how many rows there were
   */
  PiecePool.Content read(Text text, RecordChunks.Chunk chunk, AtomicLong count, Problems problems) {
    // A field and what ends it are two bytes: lines may be empty, memory is not for those.
    int most = Math.min(MOST_ROWS, chunk.length() / Math.max(1, 2 * text.columns().size()));
    int rows = Math.min(chunk.lines(), most);
    TableBuilder table = TableBuilder.ofPiece(dataset, problems, rows, spares);
    Rejections rejections = table.faults().rejections().orElseThrow();
    rejections.header(text.header());
    Faults.gather(
        text.source().name(),
        problems,
        () -> {
          table.begin(text.source());
          DelimitedRows into =
              new DelimitedRows(
                  table,
                  new DelimitedRows.File(
                      text.source().name(),
                      text.constants(),
                      Optional.of(text.columns()),
                      Optional.empty()),
                  spec,
                  limits);
          if (UnquotedText.canRead(spec.separator())
              && (chunk.firstLine() > 1 || spec.header())
              && !chunk.hasQuotes()) {
            Charset charset = Charset.forName(text.encoding());
            new UnquotedText(spec.separator().charAt(0), charset, limits).read(chunk, into);
          } else {
            // This one knows a byte order mark too.
            new DelimitedText(spec.separator(), text.encoding(), limits)
                .read(
                    new ByteArrayInputStream(chunk.bytes(), 0, chunk.length()),
                    chunk.firstLine(),
                    0,
                    into);
          }
          count.addAndGet(into.rows());
        });
    if (!problems.isEmpty()) {
      count.incrementAndGet();
      return PiecePool.Content.NONE;
    }
    return table
        .content(lines -> written(text, chunk, lines))
        .releasedBy(
            () -> {
              table.release();
              spares.give(chunk.bytes());
            });
  }

  /** Rows as they were written. */
  private Map<Integer, String> written(
      Text text, RecordChunks.Chunk chunk, SortedSet<Integer> lines) {
    Map<Integer, String> found = new HashMap<>();
    RowText row = new RowText(spec.separator());
    int[] line = new int[1];
    try {
      new DelimitedText(spec.separator(), text.encoding(), limits)
          .read(
              new ByteArrayInputStream(chunk.bytes(), 0, chunk.length()),
              chunk.firstLine(),
              0,
              new FieldSink() {
                @Override
                public void begin(int at) {
                  line[0] = at;
                }

                @Override
                public void field(int index, char[] field, int from, int length, boolean quoted) {
                  if (lines.contains(line[0])) {
                    row.add(index, field, from, length, quoted);
                  }
                }

                @Override
                public void end(int fields) {
                  if (lines.contains(line[0])) {
                    found.put(line[0], row.toString());
                  }
                }
              });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return found;
  }
}
