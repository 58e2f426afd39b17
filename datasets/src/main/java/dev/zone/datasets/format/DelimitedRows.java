package dev.zone.datasets.format;

import dev.zone.conf.SourceSpec;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Puts one file's fields into the table's columns. */
final class DelimitedRows implements FieldSink {
  private static final int ASCII = 128;

  private final TableBuilder table;
  private final File file;
  private final Limits limits;
  private final char[][] missing;

  /** Whether a text that stands for a missing value begins so; most fields do not. */
  private final boolean[] missingFirst = new boolean[ASCII];

  private final boolean missingEmpty;
  private final List<String> header = new ArrayList<>();
  private final List<Constant> constants = new ArrayList<>();

  /** By field; null where the descriptor does not want it. */
  private ColumnBuilder[] builders = new ColumnBuilder[0];

  /** By field: what takes plain numbers as such; null where none does. */
  private NumberBuilder[] numbers = new NumberBuilder[0];

  /** The row as it was written, where wrong ones are set aside and nobody else knows it. */
  private final Optional<RowText> written;

  private List<String> names = List.of();
  private boolean inHeader;
  private boolean usable;
  private long rows;
  private long taken;

  /** Whether the row is one that is not taken. */
  private boolean passing;

  /**
   * @param constants columns that are the same for all rows
   * @param columns names of the fields, if the first line does not name them
   * @param wanted the first and the last row that is taken, from 1; all if empty
   */
  record File(
      String name,
      Map<String, String> constants,
      Optional<List<String>> columns,
      Optional<List<Integer>> wanted) {
    boolean takes(long row) {
      return wanted.isEmpty() || (wanted.get().get(0) <= row && row <= wanted.get().get(1));
    }
  }

  private record Constant(ColumnBuilder builder, String text) {}

  DelimitedRows(TableBuilder table, File file, SourceSpec.Delimited spec, Limits limits) {
    this.table = table;
    this.file = file;
    this.limits = limits;
    missing = spec.missing().stream().map(String::toCharArray).toArray(char[][]::new);
    missingEmpty = spec.missing().contains("");
    for (char[] each : missing) {
      if (each.length > 0) {
        missingFirst[each[0] % ASCII] = true;
      }
    }
    written =
        table
            .faults()
            .rejections()
            .filter(none -> !table.isOfPiece() || file.columns().isEmpty())
            .map(none -> new RowText(spec.separator()));
    inHeader = file.columns().isEmpty();
    file.columns().ifPresent(this::start);
  }

  private void start(List<String> columns) {
    names = List.copyOf(columns);
    checkTwice(names);
    Set<String> given = new LinkedHashSet<>(names);
    given.addAll(file.constants().keySet());
    usable = table.checkComplete(file.name(), given);
    if (!usable) {
      return;
    }
    builders = new ColumnBuilder[names.size()];
    for (int i = 0; i < builders.length; i++) {
      // The same name in values wins: whoever wrote it there knows better than the file.
      builders[i] =
          file.constants().containsKey(names.get(i))
              ? null
              : table.builder(names.get(i)).orElse(null);
    }
    numbers = new NumberBuilder[builders.length];
    // A number that stands for a missing value is to be seen as it is written.
    boolean plain = !anyMissingIsNumber() && written.isEmpty();
    for (int i = 0; i < builders.length; i++) {
      numbers[i] =
          plain && builders[i] instanceof NumberBuilder each && each.isPlain() ? each : null;
    }
    file.constants()
        .forEach(
            (name, value) ->
                table
                    .builder(name)
                    .ifPresent(builder -> constants.add(new Constant(builder, value))));
  }

  private void checkTwice(List<String> names) {
    Set<String> seen = new LinkedHashSet<>();
    for (String name : names) {
      if (!seen.add(name) && table.spec(name).isPresent()) {
        throw new FormatException(
            "Cannot use header: column '%s' is there twice (expected once)"
                .formatted(Texts.shown(name)));
      }
    }
  }

  @Override
  public void begin(int line) {
    table.at(line);
    passing = !inHeader && !file.takes(rows + 1);
  }

  @Override
  public void field(int index, char[] text, int from, int length, boolean quoted) {
    if (passing) {
      return;
    }
    if (index >= limits.columns()) {
      if (index == limits.columns()) {
        throw new FormatException(
            "Cannot read text: more than %d fields in a line (expected at most that)"
                .formatted(limits.columns()));
      }
      return;
    }
    int start = from;
    int end = from + length;
    if (!quoted) {
      while (start < end && text[start] <= ' ') {
        start++;
      }
      while (start < end && text[end - 1] <= ' ') {
        end--;
      }
    }
    if (written.isPresent()) {
      written.get().add(index, text, from, length, quoted);
    }
    if (inHeader) {
      header.add(new String(text, start, end - start));
    } else if (index < builders.length && builders[index] != null) {
      put(builders[index], text, start, end - start);
    }
  }

  private boolean anyMissingIsNumber() {
    for (char[] each : missing) {
      if (!Double.isNaN(Numerals.parse(each, 0, each.length))) {
        return true;
      }
    }
    return false;
  }

  /** By field: what takes numbers that are written plainly; null where the text is wanted. */
  NumberBuilder[] numbers() {
    return numbers;
  }

  /** By field: what knows texts by their bytes; null where none does. */
  CodedBuilder[] codes() {
    CodedBuilder[] codes = new CodedBuilder[builders.length];
    for (int i = 0; i < codes.length; i++) {
      codes[i] = written.isEmpty() && builders[i] instanceof CodedBuilder each ? each : null;
    }
    return codes;
  }

  private void put(ColumnBuilder builder, char[] text, int from, int length) {
    if (length == 0
        ? missingEmpty
        : missingFirst[text[from] % ASCII] && isMissing(text, from, length)) {
      builder.missing();
    } else {
      builder.text(text, from, length);
    }
  }

  private boolean isMissing(char[] text, int from, int length) {
    for (char[] each : missing) {
      if (each.length == length && matches(each, text, from)) {
        return true;
      }
    }
    return false;
  }

  private static boolean matches(char[] each, char[] text, int from) {
    for (int i = 0; i < each.length; i++) {
      if (text[from + i] != each[i]) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void end(int fields) {
    if (inHeader) {
      inHeader = false;
      table
          .faults()
          .rejections()
          .ifPresent(kept -> kept.header(written.map(RowText::toString).orElse("")));
      start(header);
      return;
    }
    rows++;
    if (passing) {
      table.passRow();
      return;
    }
    taken++;
    if (!usable) {
      return;
    }
    if (fields != builders.length) {
      table
          .faults()
          .add(
              table.rows(),
              "ragged row",
              table::where,
              () -> "Cannot read row: %d fields (expected %d)".formatted(fields, builders.length));
      for (int i = fields; i < builders.length; i++) {
        if (builders[i] != null) {
          builders[i].skip();
        }
      }
    }
    for (Constant constant : constants) {
      put(constant.builder(), constant.text().toCharArray(), 0, constant.text().length());
    }
    if (written.isPresent()) {
      keep(written.get());
    }
    table.endRow();
    if (table.isPiece()) {
      table.endPiece();
      constants.clear();
      start(names);
    }
  }

  /** Names of the fields; empty before the header was there. */
  List<String> names() {
    return names;
  }

  /** Whether the fields are as the descriptor wants them. */
  boolean isUsable() {
    return usable;
  }

  private void keep(RowText text) {
    Rejections rejections = table.faults().rejections().orElseThrow();
    if (rejections.has(table.rows())) {
      rejections.text(table.rows(), text.toString());
    }
  }

  long rows() {
    return rows;
  }

  /** Checks that there was something. */
  void close() {
    checkAny(inHeader, rows);
    if (taken == 0) {
      throw new FormatException(
          "Cannot use file: it has %d rows (expected rows %d to %d)"
              .formatted(rows, file.wanted().orElseThrow().get(0), file.wanted().get().get(1)));
    }
  }

  /**
   * @param inHeader whether the header did not come
   */
  static void checkAny(boolean inHeader, long rows) {
    if (inHeader || rows == 0) {
      throw new FormatException(
          "Cannot use file: it is empty (expected %s)"
              .formatted(inHeader ? "a header and rows" : "rows"));
    }
  }
}
