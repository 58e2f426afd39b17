package dev.zone.conf;

import dev.zone.conf.SplitSpec.Split;
import java.util.EnumSet;
import java.util.HashSet;

/** What holds for a split, a job's or a dataset's own. */
final class SplitRules {
  private SplitRules() {}

  /**
   * @param path of the split in its file
   */
  static void check(SplitSpec split, String path, Rules rules) {
    if (new HashSet<>(split.given()).size() < split.given().size()) {
      rules.refuse(path + ".given", names(split), "each split once");
    }
    if (split.given().contains(Split.VALIDATION) && split.validation() > 0) {
      rules.refuse(
          path + ".validation", split.validation(), "0, as files give the validation split");
    }
    if (split.given().contains(Split.TEST) && split.test() > 0) {
      rules.refuse(path + ".test", split.test(), "0, as files give the test split");
    }
    if (split.validation() + split.test() > 0.95) {
      rules.refuse(
          path,
          "shares of " + split.validation() + " and " + split.test(),
          "at most 0.95 together, so that training has rows");
    }
  }

  /** Checks the columns that a split names. */
  static void checkColumns(SplitSpec split, String path, DatasetColumns columns, Rules rules) {
    split.group().ifPresent(name -> columns.require(name, path + ".group", rules));
    split.time().ifPresent(name -> columns.require(name, path + ".time", rules));
    split
        .stratify()
        .flatMap(name -> columns.require(name, path + ".stratify", rules))
        .filter(column -> column.classes().isEmpty() && column.type() != ColumnSpec.Type.CATEGORY)
        .ifPresent(
            column ->
                rules.refuse(
                    path + ".stratify",
                    split.stratify().orElseThrow(),
                    "a column of classes, not of type " + DatasetColumns.word(column.type())));
  }

  /** Checks that files name the splits that are said to be given. */
  static void checkGiven(SplitSpec split, String path, SourceSpec source, Rules rules) {
    EnumSet<Split> named = EnumSet.noneOf(Split.class);
    source.files().forEach(file -> file.split().ifPresent(named::add));
    for (Split given : split.given()) {
      if (!named.contains(given)) {
        rules.refuse(
            path + ".given",
            DatasetColumns.word(given),
            "a split that one of the dataset's files names");
      }
    }
  }

  private static String names(SplitSpec split) {
    return String.join(", ", split.given().stream().map(DatasetColumns::word).toList());
  }
}
