package dev.zone.datasets.registry;

import dev.zone.conf.ColumnSpec;
import dev.zone.conf.DatasetSpec;
import dev.zone.conf.error.Names;
import dev.zone.datasets.Column;
import dev.zone.datasets.ColumnPattern;
import dev.zone.datasets.Table;
import dev.zone.datasets.format.Texts;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The columns of a dataset whose descriptor has patterns: the first file that is fed says what
 * these stand for, and in which order; all others have the same columns. Rows of files that differ
 * could not be read together.
 */
final class FeedColumns {
  private static final int MOST_LISTED = 12;

  private final DatasetSpec descriptor;
  private final boolean open;

  /** In order; none as long as no file was looked at. Guarded by this. */
  private List<String> names;

  FeedColumns(DatasetSpec descriptor) {
    this(descriptor, List.of());
  }

  /**
   * @param names as another has them: {@link #names}
   */
  FeedColumns(DatasetSpec descriptor, List<String> names) {
    this.descriptor = descriptor;
    this.open = areOpen(descriptor);
    this.names = List.copyOf(names);
  }

  /** Whether a descriptor leaves it to files which columns there are. */
  static boolean areOpen(DatasetSpec descriptor) {
    return descriptor.columns().entrySet().stream()
        .anyMatch(
            each ->
                ColumnPattern.isPattern(each.getKey())
                    && each.getValue().role() != ColumnSpec.Role.IGNORED);
  }

  /** Takes the columns of a version: those of its first file, as all others have them. */
  void know(RegisteredDataset dataset, Optional<Version> version) {
    if (!open || version.isEmpty() || version.get().parts().isEmpty()) {
      return;
    }
    List<String> written =
        new PartTables(dataset, descriptor).columns(version.get().parts().get(0));
    synchronized (this) {
      names = written.stream().filter(this::isFed).toList();
    }
  }

  /** Not a remaining life, which is only there when rows are written. */
  private boolean isFed(String name) {
    return descriptor
        .column(name)
        .flatMap(ColumnSpec::remainingLife)
        .filter(life -> !life.given())
        .isEmpty();
  }

  DatasetSpec descriptor() {
    return descriptor;
  }

  /** In order; none if the descriptor names them all, or no file was looked at. */
  synchronized List<String> names() {
    return names;
  }

  /** Whether the next file says which columns there are. */
  synchronized boolean areUndecided() {
    return open && names.isEmpty();
  }

  /**
   * Looks at rows of a file; those of the first say which columns there are.
   *
   * @throws OtherColumns if they are not those of the dataset
   */
  synchronized void require(Table table) {
    if (!open) {
      return;
    }
    Set<String> given = table.columns().keySet();
    boolean first = names.isEmpty();
    Collection<String> wanted = first ? needed() : names;
    List<String> missing = wanted.stream().filter(name -> !given.contains(name)).toList();
    Set<String> known = first ? given : new HashSet<>(names);
    List<String> more = given.stream().filter(name -> !known.contains(name)).toList();
    if (!missing.isEmpty() || !more.isEmpty()) {
      throw new OtherColumns(message(missing, more, wanted));
    }
    if (first) {
      names = List.copyOf(given);
    }
  }

  /** Takes the names of the first rows' columns, unless there are some already. */
  synchronized void decide(List<String> found) {
    if (names.isEmpty()) {
      names = List.copyOf(found);
    }
  }

  /** What checks beyond single rows look at. */
  private Set<String> needed() {
    Set<String> needed = new LinkedHashSet<>(descriptor.feed().key());
    descriptor
        .feed()
        .ascending()
        .ifPresent(
            ascending -> {
              needed.add(ascending.column());
              ascending.group().ifPresent(needed::add);
            });
    return needed;
  }

  private String message(List<String> missing, List<String> more, Collection<String> wanted) {
    List<String> differences = new ArrayList<>();
    missing.stream()
        .limit(MOST_LISTED)
        .forEach(name -> differences.add("'%s' is missing".formatted(Texts.shown(name))));
    more.stream()
        .limit(MOST_LISTED)
        .forEach(
            name ->
                differences.add(
                    "'%s' is too much%s"
                        .formatted(
                            Texts.shown(name), Texts.shown(Names.suggestion(name, missing)))));
    int left = missing.size() + more.size() - differences.size();
    if (left > 0) {
      differences.add("and %d more".formatted(left));
    }
    List<String> byPattern =
        wanted.stream().filter(name -> !descriptor.columns().containsKey(name)).toList();
    return "Cannot use other columns than the dataset has: %s (expected %s%s)"
        .formatted(
            String.join("; ", differences),
            String.join(", ", byPattern.stream().limit(MOST_LISTED).map(Texts::shown).toList()),
            byPattern.size() > MOST_LISTED
                ? " and %d more".formatted(byPattern.size() - MOST_LISTED)
                : "");
  }

  /** The rows of a file that has the dataset's columns, these in the dataset's order. */
  Table ordered(Table table) {
    List<String> wanted = names();
    if (wanted.isEmpty() || wanted.equals(new ArrayList<>(table.columns().keySet()))) {
      return table;
    }
    Map<String, Column> columns = new LinkedHashMap<>();
    wanted.forEach(name -> columns.put(name, table.column(name).orElseThrow()));
    return new Table(columns, table.origins());
  }
}
