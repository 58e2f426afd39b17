package dev.zone.datasets.format;

import dev.zone.conf.SourceSpec;
import dev.zone.datasets.ColumnPattern;
import dev.zone.datasets.Origins;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Delimited text, plain or in zips. */
final class DelimitedReader {
  private final SourceSpec.Delimited spec;
  private final TableBuilder table;
  private final DataFolder folder;
  private final Limits limits;
  private final Optional<PiecePool> pool;
  private final DelimitedPieces pieces;

  /**
   * @param pool reads texts whose rows stand for themselves, in pieces; empty if all rows go into
   *     the table
   */
  DelimitedReader(
      SourceSpec.Delimited spec,
      TableBuilder table,
      DataFolder folder,
      Limits limits,
      Optional<PiecePool> pool,
      DelimitedPieces pieces) {
    this.spec = spec;
    this.table = table;
    this.folder = folder;
    this.limits = limits;
    this.pool = pool;
    this.pieces = pieces;
  }

  static Origins.Source source(SourceSpec.FileSpec spec, String name) {
    return new Origins.Source(name, Origins.Kind.LINE, spec.split(), List.of());
  }

  /** Whether what is taken of a file depends on what stands before. */
  static boolean isInOrder(SourceSpec.FileSpec spec) {
    return spec.transposed() || spec.rows().isPresent() || !spec.beside().isEmpty();
  }

  /** Names of the fields where the first line does not name them. */
  static Optional<List<String>> columns(
      SourceSpec.Delimited spec, TableBuilder table, Map<String, String> constants) {
    if (spec.header()) {
      return Optional.empty();
    }
    List<String> columns =
        table.expected().stream().filter(column -> !constants.containsKey(column)).toList();
    columns.stream()
        .filter(ColumnPattern::isPattern)
        .findFirst()
        .ifPresent(
            pattern -> {
              throw new FormatException(
                  "Cannot tell which fields are columns '%s': there is no header (expected names)"
                      .formatted(pattern));
            });
    return Optional.of(columns);
  }

  void read(SourceFile file) throws IOException {
    new TextContents(limits, table.problems())
        .read(file, (name, in, constants) -> read(file, name, in, constants));
  }

  /**
   * @param name of the text, with the archive that it is in
   * @param constants columns that are the same for all its rows
   */
  private void read(SourceFile file, String name, InputStream in, Map<String, String> constants)
      throws IOException {
    if (pool.isPresent() && !isInOrder(file.spec()) && !table.countsRows()) {
      pieces.read(pool.get(), source(file.spec(), name), in, constants);
      return;
    }
    DelimitedText text = new DelimitedText(spec.separator(), spec.encoding(), limits);
    table.begin(source(file.spec(), name));
    DelimitedRows rows =
        new DelimitedRows(
            table,
            new DelimitedRows.File(
                name, constants, columns(spec, table, constants), file.spec().rows()),
            spec,
            limits);
    SideBySide joined = new SideBySide(rows, beside(file, text));
    FieldSink sink = file.spec().beside().isEmpty() ? rows : joined;
    if (file.spec().transposed()) {
      HeldText held = new HeldText();
      text.read(in, 1, spec.skip(), held);
      held.transpose(sink);
    } else {
      text.read(in, 1, spec.skip(), sink);
    }
    if (sink == joined) {
      joined.close();
    }
    rows.close();
  }

  private List<SideBySide.Beside> beside(SourceFile file, DelimitedText text) throws IOException {
    List<SideBySide.Beside> others = new ArrayList<>();
    for (SourceSpec.BesideSpec each : file.spec().beside()) {
      HeldText held = new HeldText();
      try (InputStream in = Packed.open(folder.resolve(each.path()), each.path(), limits)) {
        text.read(in, 1, spec.skip(), held);
      } catch (NoSuchFileException e) {
        throw new FormatException("Cannot find file '%s'".formatted(each.path()), e);
      }
      others.add(new SideBySide.Beside(each.path(), held));
    }
    return others;
  }
}
