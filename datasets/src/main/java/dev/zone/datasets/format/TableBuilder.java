package dev.zone.datasets.format;

import dev.zone.conf.ColumnSpec;
import dev.zone.conf.DatasetSpec;
import dev.zone.conf.SourceSpec;
import dev.zone.conf.error.Names;
import dev.zone.conf.error.Problems;
import dev.zone.datasets.Column;
import dev.zone.datasets.ColumnPattern;
import dev.zone.datasets.Origins;
import dev.zone.datasets.Table;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Builds a table by the descriptor's columns while readers go through files. */
final class TableBuilder {
  private static final long VALUES_OF_A_PIECE = 4L << 20;
  private static final int ROWS = 1 << 10;

  private final DatasetSpec dataset;
  private RowFaults faults;
  private Origins.Builder origins = new Origins.Builder();
  private final Map<String, ColumnBuilder> builders = new LinkedHashMap<>();

  /** Columns of the rows' numbers. */
  private final Map<String, ColumnBuilder> numbered = new LinkedHashMap<>();

  /** Rows of the file so far, those included that are not taken. */
  private int number;

  private Origins.Source source;
  private int position;

  /** Of columns that do not stay in memory: about how many rows there are, and where it is from. */
  private int rowsExpected = ROWS;

  private Spares spares = new Spares();

  /** Takes rows before all are read, where wrong ones are set aside. */
  private Optional<PiecePool> pieces = Optional.empty();

  TableBuilder(DatasetSpec dataset, Problems problems) {
    this(dataset, problems, Optional.empty());
  }

  private TableBuilder(DatasetSpec dataset, Problems problems, Optional<Rejections> rejections) {
    this.dataset = dataset;
    this.faults = new RowFaults(problems, rejections);
    makeNumbered();
  }

  private void makeNumbered() {
    numbered.clear();
    dataset
        .columns()
        .forEach(
            (name, spec) -> {
              if (spec.rowNumber()) {
                numbered.put(name, new NumberBuilder(name, spec, faults, this::where));
              }
            });
  }

  /**
   * Sets rows aside that are wrong.
   *
   * @param pieces takes rows, good and bad, some at a time
   */
  static TableBuilder admitting(DatasetSpec dataset, Problems problems, PiecePool pieces) {
    TableBuilder builder = ofPiece(dataset, problems);
    builder.pieces = Optional.of(pieces);
    return builder;
  }

  /** Sets rows aside that are wrong, of one piece. */
  static TableBuilder ofPiece(DatasetSpec dataset, Problems problems) {
    return new TableBuilder(dataset, problems, Optional.of(new Rejections()));
  }

  /**
   * Sets rows aside that are wrong, of one piece.
   *
   * @param rows about so many
   * @param spares memory for numbers, which {@link #release} gives back
   */
  static TableBuilder ofPiece(DatasetSpec dataset, Problems problems, int rows, Spares spares) {
    TableBuilder builder = ofPiece(dataset, problems);
    builder.rowsExpected = rows;
    builder.spares = spares;
    return builder;
  }

  /** Gives memory of the rows to others: nobody looks at them any more. */
  void release() {
    for (ColumnBuilder builder : builders.values()) {
      if (builder instanceof NumberBuilder numbers) {
        numbers.release();
      }
    }
  }

  /** Reads delimited text into this table, or, where wrong rows are set aside, in pieces. */
  DelimitedReader delimited(SourceSpec.Delimited spec, DataFolder folder, Limits limits) {
    Spares memory = pieces.map(PiecePool::spares).orElseGet(Spares::new);
    return new DelimitedReader(
        spec, this, folder, limits, pieces, new DelimitedPieces(dataset, spec, limits, memory));
  }

  /** Reads JSON lines into this table, or, where wrong rows are set aside, in pieces. */
  JsonLinesReader jsonLines(Limits limits) {
    return new JsonLinesReader(dataset, this, limits, pieces);
  }

  /** Whether its rows are one piece, which knows how they are written. */
  boolean isOfPiece() {
    return faults.rejections().isPresent() && pieces.isEmpty();
  }

  /** Whether the numbers of rows in their files are columns. */
  boolean countsRows() {
    return !numbered.isEmpty();
  }

  /** All rows and the wrong ones among them. */
  PiecePool.Content content(Pieces.Texts texts) {
    return new PiecePool.Content(build(), faults.rejections().orElseThrow(), texts);
  }

  /** Whether the rows so far are enough for a piece: memory must not grow with the file. */
  boolean isPiece() {
    return pieces.isPresent() && isPiece(rows());
  }

  /** Whether so many rows of the columns that were asked for are enough for a piece. */
  boolean isPiece(long rows) {
    long values = 1;
    for (ColumnBuilder builder : builders.values()) {
      values += builder.valuesOfARow();
    }
    return rows * values >= VALUES_OF_A_PIECE;
  }

  /**
   * Gives the rows so far away, if wrong ones are set aside, and begins anew with columns that are
   * to be asked for again.
   */
  void endPiece() {
    if (rows() > 0) {
      PiecePool.Content content = content(lines -> Map.of());
      pieces.orElseThrow().submit(problems -> content);
    }
    Rejections next = new Rejections();
    faults.rejections().ifPresent(before -> next.header(before.header()));
    faults = new RowFaults(problems(), Optional.of(next));
    builders.clear();
    makeNumbered();
    origins = new Origins.Builder();
    if (source != null) {
      int rowsBefore = number;
      begin(source);
      number = rowsBefore;
    }
  }

  /** The rows from now on are this file's. */
  void begin(Origins.Source from) {
    source = from;
    number = 0;
    faults.begin(from.name());
    origins.begin(from);
  }

  /** Faults from now on are this row's. */
  void at(int line) {
    position = line;
  }

  /** The row is complete. */
  void endRow() {
    number++;
    if (!numbered.isEmpty()) {
      numbered.values().forEach(builder -> builder.number(number));
    }
    origins.add(position);
  }

  /** A row of the file is not taken. */
  void passRow() {
    number++;
  }

  int rows() {
    return origins.rows();
  }

  RowFaults faults() {
    return faults;
  }

  Problems problems() {
    return faults.problems();
  }

  /** The row that is being read, in words. */
  String where() {
    return source.text(position);
  }

  /** Names of the descriptor's columns that files have to give, in order. */
  List<String> expected() {
    return dataset.columns().entrySet().stream()
        .filter(each -> !each.getValue().isComputed())
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Names of the descriptor's columns that are written out and come from files. */
  List<String> expectedNames() {
    return expected().stream().filter(name -> !ColumnPattern.isPattern(name)).toList();
  }

  /** The descriptor's column of that name, written out or by wildcard. */
  Optional<ColumnSpec> spec(String name) {
    return dataset.column(name);
  }

  /**
   * Where that column's values go; empty if the descriptor does not know or ignores it.
   *
   * @throws FormatException if the column cannot be built
   */
  Optional<ColumnBuilder> builder(String name) {
    ColumnBuilder known = builders.get(name);
    if (known != null) {
      return Optional.of(known);
    }
    Optional<ColumnSpec> spec = spec(name).filter(TableBuilder::isRead);
    if (spec.isEmpty()) {
      return Optional.empty();
    }
    if (rows() > 0) {
      throw new FormatException(
          "Cannot add column '%s': the files before do not have it (expected the same columns in all)"
              .formatted(name));
    }
    ColumnBuilder made = make(name, spec.get());
    builders.put(name, made);
    return Optional.of(made);
  }

  /** Whether files' values of a column of that name are read. */
  boolean isRead(String name) {
    return spec(name).filter(TableBuilder::isRead).isPresent();
  }

  private static boolean isRead(ColumnSpec spec) {
    return spec.role() != ColumnSpec.Role.IGNORED && !spec.isComputed();
  }

  private ColumnBuilder make(String name, ColumnSpec spec) {
    if (!spec.classes().isEmpty()) {
      return coded(name, spec);
    }
    return switch (spec.type()) {
      case NUMBER -> {
        NumberBuilder numbers = new NumberBuilder(name, spec, faults, this::where, decimal());
        yield faults.rejections().isPresent() ? numbers.passing(rowsExpected, spares) : numbers;
      }
      case CATEGORY, TEXT -> coded(name, spec);
      case TIMESTAMP -> {
        try {
          yield new TimestampBuilder(name, spec, faults, this::where);
        } catch (IllegalArgumentException e) {
          throw new FormatException(
              "Cannot read timestamps of column '%s': %s (expected a pattern of java.time)"
                  .formatted(name, spec.pattern().orElse("")),
              e);
        }
      }
      case TENSOR -> {
        if (spec.shape().isEmpty()) {
          throw new FormatException(
              "Cannot read column '%s': the dataset declares no shape (expected shape: [height, width])"
                  .formatted(name));
        }
        yield new TensorBuilder(name, spec, faults, this::where);
      }
    };
  }

  private CodedBuilder coded(String name, ColumnSpec spec) {
    return new CodedBuilder(name, spec, faults, this::where).expecting(rowsExpected);
  }

  private char decimal() {
    return dataset.source() instanceof SourceSpec.Delimited delimited
        ? delimited.decimal().charAt(0)
        : '.';
  }

  /**
   * Checks that a file gives every column of the descriptor, and those that files before gave.
   *
   * @param given names that the file gives
   * @return whether it does
   */
  boolean checkComplete(String file, Collection<String> given) {
    Set<String> wanted = new LinkedHashSet<>();
    List<String> globs = new ArrayList<>();
    dataset
        .columns()
        .forEach(
            (name, spec) -> {
              if (isRead(spec)) {
                (ColumnPattern.isPattern(name) ? globs : wanted).add(name);
              }
            });
    wanted.addAll(builders.keySet());
    boolean complete = true;
    for (String name : wanted) {
      if (!given.contains(name)) {
        complete = false;
        problems()
            .add(
                file,
                "Cannot find column '%s'%s (expected it among %s)"
                    .formatted(name, Names.suggestion(name, given), listed(given)));
      }
    }
    for (String glob : globs) {
      ColumnPattern pattern = new ColumnPattern(glob);
      if (given.stream().noneMatch(pattern::matches)) {
        complete = false;
        problems()
            .add(
                file,
                "Cannot find columns '%s' (expected one or more among %s)"
                    .formatted(glob, listed(given)));
      }
    }
    return complete;
  }

  private static String listed(Collection<String> names) {
    String shown = String.join(", ", names.stream().limit(12).map(Texts::shown).toList());
    return names.size() > 12 ? shown + " and " + (names.size() - 12) + " more" : shown;
  }

  /**
   * Columns that a file without a header may leave out: what is neither input nor label and may be
   * missing.
   */
  List<String> optional() {
    return dataset.columns().entrySet().stream()
        .filter(each -> isRead(each.getValue()) && each.getValue().missing())
        .filter(
            each ->
                each.getValue().role() != ColumnSpec.Role.INPUT
                    && each.getValue().role() != ColumnSpec.Role.LABEL)
        .map(Map.Entry::getKey)
        .filter(name -> !ColumnPattern.isPattern(name))
        .toList();
  }

  /** The table; to be used only if there were no problems. */
  Table build() {
    faults.end();
    Map<String, Column> columns = new LinkedHashMap<>();
    for (String name : dataset.columns().keySet()) {
      if (numbered.containsKey(name)) {
        columns.put(name, numbered.get(name).build());
      }
      ColumnPattern glob = new ColumnPattern(name);
      builders.forEach(
          (built, builder) -> {
            if (built.equals(name)
                || (ColumnPattern.isPattern(name)
                    && glob.matches(built)
                    && !dataset.columns().containsKey(built))) {
              columns.putIfAbsent(built, builder.build());
            }
          });
    }
    return new Table(columns, origins.build());
  }
}
