package dev.zone.conf;

import dev.zone.conf.ColumnSpec.Role;
import dev.zone.conf.ColumnSpec.Type;
import dev.zone.conf.error.Problems;
import dev.zone.conf.yaml.Locations;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.time.format.DateTimeFormatter;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** What must hold between the values of a dataset's descriptor. */
public final class DatasetRules {
  private static final Pattern NAMED_GROUP = Pattern.compile("\\(\\?<([a-zA-Z][a-zA-Z0-9]*)>");

  private final DatasetSpec dataset;
  private final Rules rules;
  private final DatasetColumns columns;

  private DatasetRules(DatasetSpec dataset, Rules rules) {
    this.dataset = dataset;
    this.rules = rules;
    this.columns = new DatasetColumns(dataset.columns());
  }

  /**
   * Finds all that is wrong with a descriptor and can be known from it alone.
   *
   * @param locations of its values, as the binder returns them
   */
  public static void check(DatasetSpec dataset, Locations locations, Problems problems) {
    new DatasetRules(dataset, new Rules(locations, problems)).check();
  }

  private void check() {
    if (dataset.name().version().isPresent()) {
      rules.refuse("name", dataset.name(), "a name without a version");
    }
    dataset.columns().forEach(this::checkColumn);
    if (dataset.columns().values().stream().noneMatch(column -> column.role() == Role.INPUT)) {
      rules.refuse("columns", "no input", "at least one column whose role is input");
    }
    SplitRules.check(dataset.split(), "split", rules);
    SplitRules.checkColumns(dataset.split(), "split", columns, rules);
    SplitRules.checkGiven(dataset.split(), "split", dataset.source(), rules);
    checkSource();
    checkFeed();
  }

  private void checkFeed() {
    List<String> key = dataset.feed().key();
    for (int i = 0; i < key.size(); i++) {
      checkFed(key.get(i), "feed.key." + i)
          .filter(column -> column.type() == Type.TENSOR)
          .ifPresent(tensor -> rules.refuse("feed.key", key, "columns that are no tensors"));
    }
    dataset
        .feed()
        .ascending()
        .ifPresent(
            ascending -> {
              checkFed(ascending.column(), "feed.ascending.column")
                  .filter(column -> column.type() != Type.NUMBER && column.type() != Type.TIMESTAMP)
                  .ifPresent(
                      column ->
                          rules.refuse(
                              "feed.ascending.column",
                              ascending.column(),
                              "a column of numbers or timestamps"));
              ascending.group().ifPresent(group -> checkFed(group, "feed.ascending.group"));
            });
  }

  /** A column that feeds bring. */
  private Optional<ColumnSpec> checkFed(String name, String path) {
    Optional<ColumnSpec> column = columns.require(name, path, rules);
    column
        .filter(each -> each.role() == Role.IGNORED || each.remainingLife().isPresent())
        .ifPresent(each -> rules.refuse(path, name, "a column that is read"));
    return column;
  }

  private void checkColumn(String name, ColumnSpec column) {
    String path = "columns." + name;
    boolean tensor = column.type() == Type.TENSOR;
    if (tensor != column.shape().isPresent()) {
      rules.refuse(
          path + ".shape",
          tensor ? "nothing" : column.shape().orElseThrow(),
          tensor ? "a shape, because it is a tensor" : "none, because it is not a tensor");
    }
    column
        .range()
        .filter(range -> range.get(0) >= range.get(1))
        .ifPresent(range -> rules.refuse(path + ".range", range, "the smaller number first"));
    checkClasses(column, path);
    checkTimestamp(column, path);
    column.remainingLife().ifPresent(life -> checkRemainingLife(column, life, path));
    if (column.rowNumber()
        && (column.type() != Type.NUMBER || column.remainingLife().isPresent())) {
      rules.refuse(path + ".rowNumber", true, "a column of type number that nothing else computes");
    }
  }

  private void checkClasses(ColumnSpec column, String path) {
    List<String> names = List.copyOf(column.classes().values());
    boolean label = column.role() == Role.LABEL;
    if (label && column.type() == Type.CATEGORY && names.size() < 2) {
      rules.refuse(path + ".classes", names, "at least 2 classes, because it is a label");
    }
    if (label && column.type() != Type.CATEGORY && column.type() != Type.NUMBER) {
      rules.refuse(
          path + ".type", DatasetColumns.word(column.type()), "category or number for a label");
    }
    if (!names.isEmpty() && column.type() != Type.CATEGORY) {
      rules.refuse(
          path + ".classes",
          names.size() + " classes",
          "none, because its type is " + DatasetColumns.word(column.type()));
    }
    if (new HashSet<>(names).size() < names.size()) {
      rules.refuse(path + ".classes", String.join(", ", names), "a different name for each class");
    }
  }

  private void checkTimestamp(ColumnSpec column, String path) {
    boolean timestamp = column.type() == Type.TIMESTAMP;
    if (timestamp != column.pattern().isPresent()) {
      rules.refuse(
          path + ".pattern",
          timestamp ? "nothing" : column.pattern().orElseThrow(),
          timestamp
              ? "how the timestamps are written, such as dd/MM/yyyy HH:mm:ss"
              : "none, because it is not a timestamp");
      return;
    }
    column
        .pattern()
        .filter(pattern -> !isTimePattern(pattern))
        .ifPresent(
            pattern ->
                rules.refuse(
                    path + ".pattern",
                    pattern,
                    "a pattern of java.time, such as yyyy-MM-dd HH:mm"));
  }

  private static boolean isTimePattern(String pattern) {
    try {
      DateTimeFormatter unused = DateTimeFormatter.ofPattern(pattern);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private void checkRemainingLife(ColumnSpec column, ColumnSpec.RemainingLife life, String path) {
    String at = path + ".remainingLife";
    if (column.type() != Type.NUMBER) {
      rules.refuse(path + ".type", DatasetColumns.word(column.type()), "number: it is computed");
    }
    columns.require(life.group(), at + ".group", rules);
    columns
        .require(life.time(), at + ".time", rules)
        .filter(time -> time.type() != Type.NUMBER)
        .ifPresent(time -> rules.refuse(at + ".time", life.time(), "a column of numbers"));
    life.atEnd()
        .forEach((split, file) -> checkPath(at + ".atEnd." + DatasetColumns.word(split), file));
  }

  private void checkSource() {
    SourceSpec source = dataset.source();
    List<SourceSpec.FileSpec> files = source.files();
    for (int i = 0; i < files.size(); i++) {
      checkFile(files.get(i), "source.files." + i);
    }
    if (source instanceof SourceSpec.Delimited delimited) {
      if (!isCharset(delimited.encoding())) {
        rules.refuse("source.encoding", delimited.encoding(), "a character set such as UTF-8");
      }
      if (delimited.decimal().equals(delimited.separator())) {
        rules.refuse("source.decimal", delimited.decimal(), "another one than the separator");
      }
      if (!delimited.header() && !columns.areAllNamed()) {
        rules.refuse(
            "source.header", false, "true, because columns are patterns; or each column's name");
      }
    }
    if (source instanceof SourceSpec.Numpy numpy) {
      numpy.columns().forEach(this::checkArray);
      for (int i = 0; i < files.size(); i++) {
        if (files.get(i).path().endsWith(".npy") && !files.get(i).values().containsKey("column")) {
          rules.refuse(
              "source.files." + i + ".values", "no column", "{column: …}, which an npy file needs");
        }
      }
    }
    if (source instanceof SourceSpec.Matlab matlab) {
      checkMatlab(matlab);
    }
    if (source instanceof SourceSpec.Images images) {
      columns
          .require(images.column(), "source.column", rules)
          .filter(column -> column.shape().map(List::size).orElse(0) < 2)
          .ifPresent(
              column ->
                  rules.refuse(
                      "source.column",
                      images.column(),
                      "a tensor column of shape [height, width] or [height, width, channels]"));
    }
  }

  private void checkArray(String entry, List<String> names) {
    String path = "source.columns." + entry;
    if (names.isEmpty() || new HashSet<>(names).size() < names.size()) {
      rules.refuse(path, names, "one name or more, each once");
    }
    for (String name : names) {
      columns
          .require(name, path, rules)
          .filter(column -> names.size() > 1 && column.type() == Type.TENSOR)
          .ifPresent(
              column -> rules.refuse(path, name, "numbers or classes where there are several"));
    }
  }

  private void checkMatlab(SourceSpec.Matlab matlab) {
    for (String column : matlab.variables().keySet()) {
      columns.require(column, "source.variables." + column, rules);
    }
  }

  private void checkFile(SourceSpec.FileSpec file, String path) {
    checkPath(path + ".path", file.path());
    file.entries().ifPresent(entries -> checkPath(path + ".entries", entries));
    file.name().ifPresent(name -> checkNamePattern(name, path + ".name"));
    file.except().forEach(except -> checkPath(path + ".except", except));
    checkRows(file, path);
    checkUrls(file, path);
    for (Map.Entry<String, String> value : file.values().entrySet()) {
      if (dataset.source() instanceof SourceSpec.Numpy numpy && value.getKey().equals("column")) {
        if (!numpy.columns().containsKey(value.getValue())) {
          columns.require(value.getValue(), path + ".values.column", rules);
        }
      } else {
        columns.require(value.getKey(), path + ".values." + value.getKey(), rules);
      }
    }
    file.index()
        .ifPresent(
            index -> {
              checkPath(path + ".index.entry", index.entry());
              index
                  .columns()
                  .forEach(
                      (from, to) -> columns.require(to, path + ".index.columns." + from, rules));
            });
  }

  /** Checks what only delimited text can have. */
  private void checkRows(SourceSpec.FileSpec file, String path) {
    boolean text = dataset.source() instanceof SourceSpec.Delimited;
    file.rows()
        .filter(rows -> !text || rows.get(0) > rows.get(1))
        .ifPresent(
            rows ->
                rules.refuse(
                    path + ".rows",
                    rows,
                    text ? "the smaller number first" : "none, because it is not delimited text"));
    if (file.transposed() && !text) {
      rules.refuse(path + ".transposed", true, "false, because it is not delimited text");
    }
    boolean one =
        !file.path().contains("*") && !file.path().toLowerCase(Locale.ROOT).endsWith(".zip");
    if (!file.beside().isEmpty() && !(text && one)) {
      rules.refuse(
          path + ".beside",
          file.beside().size() + " files",
          "none, because the path is not one file of delimited text");
    }
    for (int i = 0; i < file.beside().size(); i++) {
      checkPath(path + ".beside." + i + ".path", file.beside().get(i).path());
    }
  }

  private void checkUrls(SourceSpec.FileSpec file, String path) {
    file.url()
        .filter(url -> file.path().indexOf('*') >= 0)
        .ifPresent(
            url ->
                rules.refuse(
                    path + ".path", file.path(), "the name of one file, because it has a url"));
    file.url().ifPresent(url -> checkUrl(url, path + ".url"));
    for (int i = 0; i < file.beside().size(); i++) {
      String at = path + ".beside." + i + ".url";
      file.beside().get(i).url().ifPresent(url -> checkUrl(url, at));
    }
  }

  private void checkUrl(String url, String path) {
    if (HttpAddresses.parse(url).isEmpty()) {
      rules.refuse(path, url, "an address of http or https, without a user, a password or a '#'");
    }
  }

  private void checkNamePattern(String name, String path) {
    try {
      Pattern.compile(name);
    } catch (PatternSyntaxException e) {
      rules.refuse(path, name, "a regular expression; " + e.getDescription());
      return;
    }
    Matcher groups = NAMED_GROUP.matcher(name);
    boolean any = false;
    while (groups.find()) {
      any = true;
      columns.require(groups.group(1), path, rules);
    }
    if (!any) {
      rules.refuse(path, name, "named groups (?<column>…), which become columns");
    }
  }

  private void checkPath(String path, String file) {
    if (!RelativePaths.isSafe(file)) {
      rules.refuse(path, file, "a path below the data folder, without '..'");
    }
  }

  private static boolean isCharset(String name) {
    try {
      return Charset.isSupported(name);
    } catch (IllegalCharsetNameException e) {
      return false;
    }
  }
}
