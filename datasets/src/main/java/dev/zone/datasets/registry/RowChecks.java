package dev.zone.datasets.registry;

import dev.zone.conf.ColumnSpec.RemainingLife;
import dev.zone.conf.DatasetSpec;
import dev.zone.datasets.Column;
import dev.zone.datasets.GroupIds;
import dev.zone.datasets.NumberColumn;
import dev.zone.datasets.Table;
import dev.zone.datasets.format.Pieces.Piece;
import dev.zone.datasets.profile.LongSet;
import dev.zone.datasets.profile.RowHashes;
import dev.zone.datasets.registry.Objections.Why;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Looks beyond single rows: keys that are there already, columns that go back. */
final class RowChecks {
  private final DatasetSpec.FeedSpec feed;
  private final Set<String> timestamps;
  private final Map<String, RemainingLife> lives = new LinkedHashMap<>();
  private final LongSet keys = new LongSet();

  /** By group of the file that is read. */
  private final Map<Long, Double> last = new HashMap<>();

  RowChecks(DatasetSpec descriptor) {
    this.feed = descriptor.feed();
    this.timestamps = descriptor.timestamps();
    descriptor
        .columns()
        .forEach((name, column) -> column.remainingLife().ifPresent(life -> lives.put(name, life)));
  }

  /** Takes the keys of a version's rows. */
  void know(RegisteredDataset dataset, DatasetSpec descriptor, Optional<Version> version) {
    if (feed.key().isEmpty() || version.isEmpty()) {
      return;
    }
    new PartTables(dataset, descriptor)
        .forEach(
            version.get().parts(),
            feed.key(),
            (part, table) -> {
              for (long key : RowHashes.of(keyOf(table), timestamps, table.rows())) {
                keys.add(key);
              }
            });
  }

  /** The rows from now on are another file's. */
  void begin() {
    last.clear();
  }

  /** Whether anything is looked at beyond single rows. */
  boolean areAny() {
    return !feed.key().isEmpty() || feed.ascending().isPresent();
  }

  /** Sets rows aside whose life cannot be told, whose key is there already, or that go back. */
  void check(Piece piece) {
    checkLives(piece);
    if (areAny()) {
      object(piece, decide(values(piece)));
    }
  }

  /** What {@link #decide} looks at. */
  CheckValues values(Piece piece) {
    checkLives(piece);
    int rows = piece.table().rows();
    BitSet passed = new BitSet();
    for (int row = 0; row < rows; row++) {
      if (piece.isRejected(row)) {
        passed.set(row);
      }
    }
    BitSet missing = new BitSet();
    long[] keys = new long[0];
    if (!feed.key().isEmpty()) {
      Map<String, Column> key = keyOf(piece.table());
      keys = RowHashes.of(key, timestamps, rows);
      for (int row = 0; row < rows; row++) {
        if (!passed.get(row) && RowHashes.isMissing(key, row)) {
          missing.set(row);
        }
      }
    }
    boolean ascends = feed.ascending().isPresent();
    return new CheckValues(
        rows,
        passed,
        missing,
        keys,
        ascends ? RowHashes.of(groupOf(piece.table()), timestamps, rows) : new long[0],
        ascends ? ascending(piece.table()).toArray() : new double[0]);
  }

  private void checkLives(Piece piece) {
    lives.forEach((name, life) -> checkLife(piece, name, life));
  }

  private static void checkLife(Piece piece, String name, RemainingLife life) {
    Optional<Column> group = piece.table().column(life.group());
    Optional<Column> time = piece.table().column(life.time());
    for (int row = 0; row < piece.table().rows() && group.isPresent() && time.isPresent(); row++) {
      if (!piece.isRejected(row)
          && (GroupIds.isMissing(group.get(), row) || GroupIds.isMissing(time.get(), row))) {
        piece.reject(
            row,
            "Cannot compute '%s': '%s' or '%s' is missing (expected both)"
                .formatted(name, life.group(), life.time()));
      }
    }
  }

  private Map<String, Column> keyOf(Table table) {
    Map<String, Column> key = new LinkedHashMap<>();
    feed.key().forEach(name -> key.put(name, table.column(name).orElseThrow()));
    return key;
  }

  private Map<String, Column> groupOf(Table table) {
    Map<String, Column> group = new LinkedHashMap<>();
    feed.ascending()
        .flatMap(DatasetSpec.AscendingSpec::group)
        .ifPresent(name -> group.put(name, table.column(name).orElseThrow()));
    return group;
  }

  private NumberColumn ascending(Table table) {
    return (NumberColumn) table.column(feed.ascending().orElseThrow().column()).orElseThrow();
  }

  /** Decides which rows are to be set aside; called for one piece after another. */
  Objections decide(CheckValues piece) {
    Objections objections = new Objections();
    boolean keyed = piece.keys().length > 0;
    boolean ascends = piece.groups().length > 0;
    for (int row = 0; row < piece.rows(); row++) {
      if (piece.passed().get(row)) {
        continue;
      }
      Double before = ascends ? last.get(piece.groups()[row]) : null;
      if (keyed && piece.keyMissing().get(row)) {
        objections.add(row, Why.KEY_MISSING, 0);
      } else if (keyed && keys.contains(piece.keys()[row])) {
        objections.add(row, Why.KEY_TWICE, 0);
      } else if (before != null && piece.values()[row] < before) {
        objections.add(row, Why.GOES_BACK, before);
      } else {
        // Only a row that stays has its key: the right one may come later.
        take(piece, row);
      }
    }
    return objections;
  }

  private void take(CheckValues piece, int row) {
    if (piece.keys().length > 0) {
      keys.add(piece.keys()[row]);
    }
    if (piece.groups().length > 0 && !Double.isNaN(piece.values()[row])) {
      last.put(piece.groups()[row], piece.values()[row]);
    }
  }

  /** Sets rows aside as was decided. */
  void object(Piece piece, Objections objections) {
    checkLives(piece);
    if (objections.size() == 0) {
      return;
    }
    Table table = piece.table();
    Map<String, Column> key = keyOf(table);
    Map<String, Column> group = groupOf(table);
    objections.forEach(
        (row, why, before) ->
            piece.reject(
                row,
                switch (why) {
                  case KEY_MISSING ->
                      "Cannot use key %s: a value is missing"
                          .formatted(String.join(", ", feed.key()));
                  case KEY_TWICE ->
                      "Cannot take a second row of the key: %s (expected one)"
                          .formatted(text(key, row));
                  case GOES_BACK ->
                      "Cannot take a row that goes back in '%s': %s%s (expected %s or more)"
                          .formatted(
                              feed.ascending().orElseThrow().column(),
                              GroupIds.text(ascending(table).value(row)),
                              group.isEmpty() ? "" : " of " + text(group, row),
                              GroupIds.text(before));
                }));
  }

  private static String text(Map<String, Column> key, int row) {
    List<String> texts = new ArrayList<>();
    key.forEach((name, column) -> texts.add(name + " " + GroupIds.text(column, row)));
    return String.join(", ", texts);
  }
}
