package dev.zone.datasets.format;

import dev.zone.datasets.Table;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Takes the rows of files that are admitted, some at a time. */
public interface Pieces {
  /**
   * Rows of files, good and bad.
   *
   * @param index of the piece, from 0 in the order of the rows
   * @param table all rows; of one that is rejected the values say nothing
   * @param rejections the bad ones
   * @param texts the rows as they were written
   * @param release see {@link #done}
   */
  record Piece(int index, Table table, Rejections rejections, Texts texts, Runnable release) {
    /** Gives the memory of the rows to other pieces: nobody looks at them or the texts any more. */
    public void done() {
      release.run();
    }

    /** Whether the row is bad. */
    public boolean isRejected(int row) {
      return rejections.has(row);
    }

    /** Sets a row aside. */
    public void reject(int row, String reason) {
      rejections.add(row, table.origins().text(row), reason);
    }

    /** Finds how the rows are written that were set aside after they were read. */
    public void complete() {
      SortedMap<Integer, Integer> wanted = new TreeMap<>();
      rejections
          .rows()
          .forEach(
              (row, rejected) -> {
                if (rejected.text().isEmpty()) {
                  wanted.put(table.origins().position(row), row);
                }
              });
      if (!wanted.isEmpty()) {
        texts
            .of(new TreeSet<>(wanted.keySet()))
            .forEach((line, text) -> rejections.text(wanted.get(line), text));
      }
    }
  }

  /** Rows of a piece as they were written; nothing of what is no text. */
  interface Texts {
    /**
     * @param lines by number
     * @return those that are there, by number
     */
    Map<Integer, String> of(SortedSet<Integer> lines);
  }

  /** Called for one piece after another: what looks beyond a piece may reject more rows. */
  void inOrder(Piece piece);

  /** Called after {@link #inOrder}, for several pieces at the same time. */
  void take(Piece piece);
}
