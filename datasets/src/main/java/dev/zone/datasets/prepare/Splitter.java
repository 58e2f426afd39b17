package dev.zone.datasets.prepare;

import dev.zone.conf.SplitSpec;
import dev.zone.conf.SplitSpec.Split;
import dev.zone.conf.error.Problems;
import dev.zone.datasets.Column;
import dev.zone.datasets.GroupIds;
import dev.zone.datasets.NumberColumn;
import dev.zone.datasets.RowSplits;
import dev.zone.datasets.SeededRandom;
import dev.zone.datasets.Table;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Says which split each row belongs to. Depends on values, seed and rules alone: the same on every
 * platform.
 */
final class Splitter {
  private static final int CUT = 1;
  private static final int FOLDS = 2;
  private static final int HOLD_OUT = 100;

  private final Table table;
  private final SplitSpec spec;
  private final Problems problems;

  private final RowSplits splits;

  /** Rows, or groups, that are drawn together; ordered so that only values count. */
  private List<int[]> units = List.of();

  Splitter(Table table, SplitSpec spec, Problems problems) {
    this.table = table;
    this.spec = spec;
    this.problems = problems;
    this.splits = new RowSplits(table.rows());
  }

  /**
   * @param stratify the column of a cross-validation's label, if it has classes
   * @param validation share that a cross-validation holds out
   */
  RowSplits assign(Portion portion, Optional<String> stratify, double validation) {
    int before = problems.count();
    boolean declared = portion instanceof Portion.Declared;
    int[] pool = declared ? keepGiven() : leaveOutGivenTest();
    check(declared);
    if (problems.count() > before) {
      return splits;
    }
    makeUnits(pool);
    List<List<Integer>> strata =
        strata(spec.stratify().or(() -> declared ? Optional.empty() : stratify));
    if (problems.count() > before) {
      return splits;
    }
    if (portion instanceof Portion.Fold fold) {
      cutFold(strata, fold, validation);
    } else if (portion instanceof Portion.Everything) {
      for (List<Integer> stratum : strata) {
        shuffle(stratum, HOLD_OUT);
        put(stratum, 0, share(validation, stratum), Split.VALIDATION);
      }
    } else if (spec.time().isPresent()) {
      cutByTime(pool, strata);
    } else {
      for (List<Integer> stratum : strata) {
        shuffle(stratum, CUT);
        int test = share(spec.test(), stratum);
        put(stratum, 0, test, Split.TEST);
        put(stratum, test, test + share(spec.validation(), stratum), Split.VALIDATION);
      }
    }
    return splits;
  }

  private void check(boolean declared) {
    if (spec.validation() + spec.test() >= 1) {
      problems.add(
          "split",
          "Cannot cut validation %s and test %s (expected less than 1 together)"
              .formatted(spec.validation(), spec.test()));
    }
    if (!declared) {
      return;
    }
    if (spec.given().contains(Split.VALIDATION) && spec.validation() > 0) {
      problems.add(
          "split.validation",
          "Cannot cut validation %s: files give it (expected one of both)"
              .formatted(spec.validation()));
    }
    if (spec.given().contains(Split.TEST) && spec.test() > 0) {
      problems.add(
          "split.test",
          "Cannot cut test %s: files give it (expected one of both)".formatted(spec.test()));
    }
    for (Split given : spec.given()) {
      if (table.origins().sources().stream()
          .noneMatch(source -> source.split().equals(Optional.of(given)))) {
        problems.add(
            "split.given",
            "Cannot find the split %s in any file (expected split: %s at one of the files)"
                .formatted(name(given), name(given)));
      }
    }
  }

  private static String name(Split split) {
    return split.name().toLowerCase(Locale.ROOT);
  }

  /** Puts rows of given splits there; gives the others, from which shares are cut. */
  private int[] keepGiven() {
    return IntStream.range(0, table.rows())
        .filter(
            row -> {
              Optional<Split> split =
                  table.origins().givenSplit(row).filter(spec.given()::contains);
              splits.put(row, split.orElse(Split.TRAIN));
              return split.orElse(Split.TRAIN) == Split.TRAIN;
            })
        .toArray();
  }

  private int[] leaveOutGivenTest() {
    return IntStream.range(0, table.rows())
        .filter(
            row -> {
              boolean out =
                  spec.given().contains(Split.TEST)
                      && table.origins().givenSplit(row).equals(Optional.of(Split.TEST));
              if (!out) {
                splits.put(row, Split.TRAIN);
              }
              return !out;
            })
        .toArray();
  }

  private void makeUnits(int[] pool) {
    if (spec.group().isEmpty()) {
      units = new ArrayList<>(pool.length);
      for (int row : pool) {
        units.add(new int[] {row});
      }
      return;
    }
    Optional<Column> column = Columns.values(table, spec.group().get(), problems, "split.group");
    if (column.isEmpty()) {
      return;
    }
    GroupIds ids = GroupIds.of(table, column.get());
    int[] sizes = new int[ids.groups().size()];
    for (int row : pool) {
      if (ids.id(row) < 0) {
        problems.add(
            table.origins().text(row),
            "Cannot split by group: column '%s' is missing".formatted(spec.group().get()));
        return;
      }
      sizes[ids.id(row)]++;
    }
    int[][] rows = new int[sizes.length][];
    for (int row : pool) {
      int id = ids.id(row);
      if (rows[id] == null) {
        rows[id] = new int[sizes[id]];
        sizes[id] = 0;
      }
      rows[id][sizes[id]++] = row;
    }
    units =
        IntStream.range(0, rows.length)
            .filter(id -> rows[id] != null)
            .boxed()
            .sorted(
                Comparator.comparing((Integer id) -> ids.groups().get(id).value())
                    .thenComparing(id -> ids.groups().get(id).firstRow()))
            .map(id -> rows[id])
            .toList();
  }

  /** Units by the value that most of their rows have, in the values' order. */
  private List<List<Integer>> strata(Optional<String> stratify) {
    Optional<Column> column =
        stratify.flatMap(name -> Columns.values(table, name, problems, "split.stratify"));
    Map<String, List<Integer>> strata = new TreeMap<>();
    if (column.isEmpty()) {
      strata.put("", new ArrayList<>(IntStream.range(0, units.size()).boxed().toList()));
      return List.copyOf(strata.values());
    }
    GroupIds values = GroupIds.of(table, column.get());
    for (int unit = 0; unit < units.size(); unit++) {
      strata.computeIfAbsent(value(units.get(unit), values), any -> new ArrayList<>()).add(unit);
    }
    return List.copyOf(strata.values());
  }

  private static String value(int[] rows, GroupIds values) {
    if (rows.length == 1) {
      return text(values, rows[0]);
    }
    Map<String, Integer> counts = new TreeMap<>();
    for (int row : rows) {
      counts.merge(text(values, row), 1, Integer::sum);
    }
    return counts.entrySet().stream()
        .max(
            Map.Entry.<String, Integer>comparingByValue()
                .thenComparing(Map.Entry.comparingByKey(Comparator.reverseOrder())))
        .orElseThrow()
        .getKey();
  }

  private static String text(GroupIds values, int row) {
    return values.id(row) < 0 ? "" : values.groups().get(values.id(row)).value();
  }

  private static int share(double share, List<Integer> stratum) {
    return (int) Math.round(share * stratum.size());
  }

  /** Fisher-Yates. The seed takes in what is shuffled, so that strata are drawn apart. */
  private void shuffle(List<Integer> stratum, int purpose) {
    long first = stratum.isEmpty() ? 0 : stratum.get(0);
    SeededRandom random = new SeededRandom(SeededRandom.mix(spec.seed(), purpose, first));
    for (int i = stratum.size() - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      Integer held = stratum.get(i);
      stratum.set(i, stratum.get(other));
      stratum.set(other, held);
    }
  }

  private void put(List<Integer> members, int from, int to, Split split) {
    for (int i = from; i < Math.min(to, members.size()); i++) {
      for (int row : units.get(members.get(i))) {
        splits.put(row, split);
      }
    }
  }

  private void cutFold(List<List<Integer>> strata, Portion.Fold fold, double validation) {
    // Counting on over the strata keeps the folds' sizes within one of each other.
    int dealt = 0;
    for (List<Integer> stratum : strata) {
      shuffle(stratum, FOLDS);
      List<Integer> test = new ArrayList<>();
      List<Integer> rest = new ArrayList<>();
      for (Integer unit : stratum) {
        (dealt++ % fold.of() == fold.number() - 1 ? test : rest).add(unit);
      }
      put(test, 0, test.size(), Split.TEST);
      shuffle(rest, HOLD_OUT + fold.number());
      put(rest, 0, share(validation, rest), Split.VALIDATION);
    }
  }

  /** Cuts the latest of each stratum: a series that is longer than another gives its own share. */
  private void cutByTime(int[] pool, List<List<Integer>> strata) {
    String name = spec.time().orElseThrow();
    Optional<NumberColumn> column = Columns.number(table, name, problems, "split.time");
    if (column.isEmpty()) {
      return;
    }
    for (int row : pool) {
      if (Double.isNaN(column.get().value(row))) {
        problems.add(
            table.origins().text(row),
            "Cannot split by time: column '%s' is missing".formatted(name));
        return;
      }
    }
    double[] last =
        units.stream()
            .mapToDouble(
                rows -> Arrays.stream(rows).mapToDouble(column.get()::value).max().orElse(0))
            .toArray();
    for (List<Integer> stratum : strata) {
      List<Integer> order =
          stratum.stream()
              .sorted(
                  Comparator.comparingDouble((Integer unit) -> last[unit])
                      .thenComparing(Comparator.naturalOrder())
                      .reversed())
              .toList();
      int test = share(spec.test(), order);
      put(order, 0, test, Split.TEST);
      put(order, test, test + share(spec.validation(), order), Split.VALIDATION);
    }
  }
}
