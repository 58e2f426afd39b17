package dev.zone.datasets.registry;

import dev.zone.conf.DatasetSpec;
import dev.zone.datasets.Column;
import dev.zone.datasets.GroupIds;
import dev.zone.datasets.NumberColumn;
import dev.zone.datasets.Table;
import dev.zone.datasets.format.Pieces.Piece;
import dev.zone.datasets.profile.LongSet;
import dev.zone.datasets.profile.RowHashes;
import java.util.ArrayList;
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
  private final LongSet keys = new LongSet();

  /** By group of the file that is read. */
  private final Map<Long, Double> last = new HashMap<>();

  RowChecks(DatasetSpec descriptor) {
    this.feed = descriptor.feed();
    this.timestamps = descriptor.timestamps();
  }

  /** Takes the keys of a version's rows. */
  void know(RegisteredDataset dataset, DatasetSpec descriptor, Optional<Version> version) {
    if (feed.key().isEmpty() || version.isEmpty()) {
      return;
    }
    new PartTables(dataset, descriptor)
        .forEach(
            version.get().parts(),
            feed.key()::contains,
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

  /** Sets rows aside whose key is there already, or that go back. */
  void check(Piece piece) {
    if (!feed.key().isEmpty()) {
      checkKeys(piece);
    }
    feed.ascending().ifPresent(ascending -> checkAscending(piece, ascending));
  }

  private Map<String, Column> keyOf(Table table) {
    Map<String, Column> key = new LinkedHashMap<>();
    feed.key().forEach(name -> key.put(name, table.column(name).orElseThrow()));
    return key;
  }

  private void checkKeys(Piece piece) {
    Map<String, Column> key = keyOf(piece.table());
    long[] hashes = RowHashes.of(key, timestamps, piece.table().rows());
    for (int row = 0; row < hashes.length; row++) {
      if (piece.isRejected(row)) {
        continue;
      }
      if (RowHashes.isMissing(key, row)) {
        piece.reject(
            row, "Cannot use key %s: a value is missing".formatted(String.join(", ", feed.key())));
      } else if (!keys.add(hashes[row])) {
        piece.reject(
            row,
            "Cannot take a second row of the key: %s (expected one)".formatted(text(key, row)));
      }
    }
  }

  private static String text(Map<String, Column> key, int row) {
    List<String> texts = new ArrayList<>();
    key.forEach((name, column) -> texts.add(name + " " + GroupIds.text(column, row)));
    return String.join(", ", texts);
  }

  private void checkAscending(Piece piece, DatasetSpec.AscendingSpec ascending) {
    NumberColumn column = (NumberColumn) piece.table().column(ascending.column()).orElseThrow();
    Map<String, Column> group = new LinkedHashMap<>();
    ascending.group().ifPresent(name -> group.put(name, piece.table().column(name).orElseThrow()));
    long[] groups = RowHashes.of(group, timestamps, piece.table().rows());
    for (int row = 0; row < piece.table().rows(); row++) {
      double value = column.value(row);
      if (piece.isRejected(row) || Double.isNaN(value)) {
        continue;
      }
      Double before = last.get(groups[row]);
      if (before != null && value < before) {
        piece.reject(
            row,
            "Cannot take a row that goes back in '%s': %s%s (expected %s or more)"
                .formatted(
                    ascending.column(),
                    GroupIds.text(value),
                    group.isEmpty() ? "" : " of " + text(group, row),
                    GroupIds.text(before)));
      } else {
        last.put(groups[row], value);
      }
    }
  }
}
