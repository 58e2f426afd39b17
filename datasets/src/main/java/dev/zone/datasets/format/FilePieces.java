package dev.zone.datasets.format;

import dev.zone.conf.DatasetSpec;
import dev.zone.conf.SourceSpec;
import dev.zone.conf.SourceSpec.FileSpec;
import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.Problems;
import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.Origins;
import dev.zone.datasets.parquet.ParquetException;
import dev.zone.datasets.parquet.ParquetTable;
import dev.zone.datasets.storage.PlacedFile;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** Finds the pieces of a file, and reads them, here or elsewhere, with the same rows. */
public final class FilePieces {
  private static final int BUFFER = 1 << 16;

  private final DatasetSpec dataset;
  private final FileSpec spec;
  private final Limits limits;

  /**
   * @param dataset its first file is the one that is meant, the others stand beside it
   */
  public FilePieces(DatasetSpec dataset, Limits limits) {
    this.dataset = dataset;
    this.spec = dataset.source().files().get(0);
    this.limits = limits;
  }

  /**
   * Finds the pieces, in one pass over the file.
   *
   * @param digest is fed with all of the file's bytes
   * @param look called again and again; ends the pass by throwing
   * @throws ZoneException of kind ENVIRONMENT if storage fails
   */
  public FilePlan plan(PlacedFile file, MessageDigest digest, Runnable look) {
    Problems problems = new Problems();
    List<FilePiece> pieces = new ArrayList<>();
    boolean[] whole = new boolean[1];
    Faults.gather(
        file.name(),
        problems,
        () -> {
          if (file.isFolder()) {
            whole[0] = isFound(file, problems);
            file.files().addTo(digest, look);
            return;
          }
          try (InputStream in = new Watched(file.open(0), digest, look)) {
            Problems wrong = new Problems();
            Faults.gather(
                file.name(),
                wrong,
                () -> whole[0] = !isFound(file, wrong) || !cut(file, in, pieces, wrong));
            problems.addAll(wrong);
            // What was not looked at has its part in the digest too.
            byte[] rest = new byte[BUFFER];
            while (in.read(rest) >= 0) {
              continue;
            }
          }
        });
    if (!problems.isEmpty() || !whole[0]) {
      return new FilePlan(pieces, problems.list());
    }
    return FilePlan.WHOLE;
  }

  /** As {@link TableReader} finds it: no link leads out of its folder. */
  private boolean isFound(PlacedFile file, Problems problems) {
    if (file.mounted().isEmpty()) {
      return true;
    }
    DatasetFiles.open(dataset, folder(file.mounted().get()), Map.of(), limits, problems)
        .ifPresent(
            files -> {
              List<SourceFile> unused = files.find(spec);
            });
    return problems.isEmpty();
  }

  private static Path folder(Path file) {
    return Optional.ofNullable(file.getParent()).orElse(Path.of("."));
  }

  /** Whether the file can be cut; then its pieces are added. */
  private boolean cut(PlacedFile file, InputStream in, List<FilePiece> pieces, Problems problems)
      throws IOException {
    TableBuilder table = TableBuilder.ofPiece(dataset, problems);
    if (table.countsRows()) {
      return false;
    }
    if (Packed.isPacked(file.name()) || Packed.isForeign(file.name())) {
      return false;
    }
    if (dataset.source() instanceof SourceSpec.Parquet) {
      try (ParquetTable parquet = open(file)) {
        for (ParquetTable.Range each :
            new ParquetRows(table, limits).pieces(file.name(), spec, parquet)) {
          pieces.add(
              new FilePiece(
                  FilePiece.Kind.PARQUET,
                  each.first(),
                  each.count(),
                  each.row(),
                  false,
                  List.of(),
                  ""));
        }
      } catch (ParquetException e) {
        throw ParquetRows.wrong(e);
      }
      return true;
    }
    if (!TextContents.isPlain(file.name())) {
      return false;
    }
    if (dataset.source() instanceof SourceSpec.Delimited delimited) {
      return DelimitedPieces.canCut(delimited)
          && !DelimitedReader.isInOrder(spec)
          && cut(delimited, file, in, pieces, problems);
    }
    if (dataset.source() instanceof SourceSpec.JsonLines) {
      JsonLinesReader.cut(
          new JsonLinesReader.Text(source(file), Map.of(), List.of()),
          in,
          limits,
          (text, chunk) -> pieces.add(piece(FilePiece.Kind.JSON_LINES, chunk, text.keys(), "")));
      checkAny(false, pieces);
      return true;
    }
    return false;
  }

  private boolean cut(
      SourceSpec.Delimited delimited,
      PlacedFile file,
      InputStream in,
      List<FilePiece> pieces,
      Problems problems)
      throws IOException {
    Spares spares = new Spares();
    DelimitedPieces texts = new DelimitedPieces(dataset, delimited, limits, spares);
    boolean begun =
        texts.cut(
            new DelimitedPieces.Text(
                source(file),
                TextContents.constants(spec, file.name()),
                texts.encoding(),
                List.of(),
                ""),
            in,
            (text, chunk) -> {
              pieces.add(piece(FilePiece.Kind.DELIMITED, chunk, text.columns(), text.header()));
              spares.give(chunk.bytes());
            },
            problems);
    if (problems.isEmpty()) {
      checkAny(!begun && delimited.header(), pieces);
    }
    return true;
  }

  private static void checkAny(boolean inHeader, List<FilePiece> pieces) {
    if (pieces.isEmpty()) {
      DelimitedRows.checkAny(inHeader, 0);
    }
  }

  private static FilePiece piece(
      FilePiece.Kind kind, RecordChunks.Chunk chunk, List<String> names, String header) {
    return new FilePiece(
        kind, chunk.place(), chunk.length(), chunk.firstLine(), chunk.hasQuotes(), names, header);
  }

  private Origins.Source source(PlacedFile file) {
    return DelimitedReader.source(spec, file.name());
  }

  private static ParquetTable open(PlacedFile file) throws IOException, ParquetException {
    return file.mounted().isPresent()
        ? ParquetTable.open(file.mounted().get())
        : ParquetTable.open(file.size(), file::open);
  }

  /**
   * Reads a piece.
   *
   * @param threads that read at the same time what has several pieces of its own
   * @param pieces takes its rows
   * @param problems receives what is wrong with the file
   * @return how many rows there were, good and bad; 0 where nobody asks
   * @throws ZoneException of kind ENVIRONMENT if storage fails, of kind RESOURCES if there is not
   *     enough memory for a file that is read as a whole
   */
  public long read(
      PlacedFile file, FilePiece piece, int threads, Pieces pieces, Problems problems) {
    if (piece.kind() == FilePiece.Kind.WHOLE) {
      readWhole(file, Map.of(), threads, pieces, problems);
      return 0;
    }
    AtomicLong count = new AtomicLong();
    Problems wrong = new Problems();
    PiecePool.Content[] content = {PiecePool.Content.NONE};
    Faults.gather(
        file.name(),
        wrong,
        () ->
            content[0] =
                piece.kind() == FilePiece.Kind.PARQUET
                    ? groups(file, piece, wrong)
                    : text(file, piece, count, wrong));
    problems.addAll(wrong);
    if (wrong.isEmpty() && content[0].table().rows() > 0) {
      Pieces.Piece read =
          new Pieces.Piece(
              0, content[0].table(), content[0].rejections(), content[0].texts(), () -> {});
      pieces.inOrder(read);
      pieces.take(read);
    }
    return count.get();
  }

  /**
   * Reads all pieces.
   *
   * @param elsewhere files that belong to it, by the paths that the descriptor has
   * @param threads that read at the same time
   */
  public void readWhole(
      PlacedFile file, Map<String, Path> elsewhere, int threads, Pieces pieces, Problems problems) {
    try {
      TableReader.admit(
          dataset, folder(file.local()), elsewhere, limits, threads, pieces, problems);
    } catch (IOException e) {
      throw ZoneException.environment("Cannot read %s: %s".formatted(file, e.getMessage()), e);
    } catch (OutOfMemoryError e) {
      // Of a format that is read as a whole; all else was thrown away with it.
      throw new ZoneException(
          ErrorKind.RESOURCES,
          "Cannot feed %s: it needs more memory than there is, since its format is read as a whole (expected smaller files, or delimited text, JSON lines or Parquet)"
              .formatted(file),
          e);
    }
  }

  private PiecePool.Content groups(PlacedFile file, FilePiece piece, Problems problems)
      throws IOException {
    TableBuilder table = TableBuilder.ofPiece(dataset, problems);
    try (ParquetTable parquet = open(file)) {
      new ParquetRows(table, limits)
          .read(
              file.name(),
              spec,
              parquet,
              new ParquetTable.Range(
                  Math.toIntExact(piece.at()), piece.length(), (int) piece.first()));
    } catch (ParquetException e) {
      throw ParquetRows.wrong(e);
    }
    return table.content(lines -> Map.of());
  }

  private PiecePool.Content text(
      PlacedFile file, FilePiece piece, AtomicLong count, Problems problems) throws IOException {
    RecordChunks.Chunk chunk = chunk(file, piece);
    Map<String, String> constants = TextContents.constants(spec, file.name());
    if (dataset.source() instanceof SourceSpec.Delimited delimited) {
      DelimitedPieces texts = new DelimitedPieces(dataset, delimited, limits, new Spares());
      return texts.read(
          new DelimitedPieces.Text(
              source(file), constants, texts.encoding(), piece.names(), piece.header()),
          chunk,
          count,
          problems);
    }
    return JsonLinesReader.piece(
        dataset,
        new JsonLinesReader.Text(source(file), constants, piece.names()),
        chunk,
        count,
        problems);
  }

  /** Reads no more than a piece may have, whatever is said of it. */
  private RecordChunks.Chunk chunk(PlacedFile file, FilePiece piece) throws IOException {
    if (piece.length() > limits.chunkBytes()) {
      throw new IllegalArgumentException("expected a piece of " + limits.chunkBytes() + " bytes");
    }
    try (InputStream in = new BufferedInputStream(file.open(piece.at()), BUFFER)) {
      byte[] bytes = in.readNBytes(piece.length());
      if (bytes.length < piece.length()) {
        throw new EOFException("it is shorter than it was");
      }
      return new RecordChunks.Chunk(
          bytes, bytes.length, piece.at(), piece.first(), piece.hasQuotes(), lines(bytes));
    }
  }

  private static int lines(byte[] text) {
    int lines = 1;
    for (byte one : text) {
      lines += one == '\n' ? 1 : 0;
    }
    return lines;
  }

  private static final class Watched extends DigestInputStream {
    private final Runnable look;

    Watched(InputStream in, MessageDigest digest, Runnable look) {
      super(in, digest);
      this.look = look;
    }

    @Override
    public int read(byte[] into, int from, int count) throws IOException {
      look.run();
      return super.read(into, from, count);
    }
  }
}
