package dev.zone.datasets.format;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Rows that are set aside while a file is read, each with all that is wrong with it. */
public final class Rejections {
  /** So many reasons of one row tell enough. */
  private static final int MOST_REASONS = 20;

  private final SortedMap<Integer, Rejected> rows = new TreeMap<>();
  private String header = "";

  /**
   * A row that is set aside.
   *
   * @param where file and line, index or entry
   * @param reasons what is wrong with it, in the order in which it was found
   * @param text the row as it was written; empty of what is no text
   */
  public record Rejected(String where, List<String> reasons, String text) {}

  Rejections() {}

  /**
   * @param row of the table, from 0
   */
  void add(int row, String where, String reason) {
    Rejected rejected =
        rows.computeIfAbsent(row, none -> new Rejected(where, new ArrayList<>(), ""));
    if (rejected.reasons().size() < MOST_REASONS) {
      rejected.reasons().add(reason);
    }
  }

  boolean has(int row) {
    return rows.containsKey(row);
  }

  /** The row as it was written. */
  void text(int row, String text) {
    rows.computeIfPresent(
        row, (number, rejected) -> new Rejected(rejected.where(), rejected.reasons(), text));
  }

  /** The line that names the columns, of text that has one. */
  void header(String text) {
    header = text;
  }

  /** The line that names the columns; empty of what has none. */
  public String header() {
    return header;
  }

  /** By row of the table. */
  public SortedMap<Integer, Rejected> rows() {
    return rows;
  }
}
