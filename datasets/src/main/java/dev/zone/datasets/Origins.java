package dev.zone.datasets;

import dev.zone.conf.SplitSpec.Split;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Where each row of a table comes from. A few bytes a source where rows stand in order. */
public final class Origins {
  private final List<Source> sources;
  private final int[] starts;
  private final int[] firsts;
  private final int[][] positions;
  private final int rows;

  private Origins(Builder builder) {
    int count = builder.sources.size();
    sources = List.copyOf(builder.sources);
    starts = builder.starts.stream().mapToInt(Integer::intValue).toArray();
    firsts = new int[count];
    positions = new int[count][];
    rows = builder.rows;
    for (int i = 0; i < count; i++) {
      firsts[i] = builder.firsts.get(i);
      positions[i] = builder.parts.get(i);
    }
  }

  /** What the number of a row in its source means. */
  public enum Kind {
    /** A line of text, from 1. */
    LINE,
    /** An index along the first axis, from 0. */
    INDEX,
    /** An index into the source's entries. */
    ENTRY
  }

  /**
   * A file, an entry of a zip, or a generator.
   *
   * @param split the split that the file names
   * @param entries names of the rows' files, if each row is one
   */
  public record Source(String name, Kind kind, Optional<Split> split, List<String> entries) {
    public Source {
      entries = List.copyOf(entries);
    }

    /** The row in words: {@code train.csv:17}, {@code maps.npz[17]}, {@code a.zip!/b.ppm}. */
    public String text(int position) {
      return switch (kind) {
        case LINE -> name + ":" + position;
        case INDEX -> name + "[" + position + "]";
        case ENTRY -> name + entries.get(position);
      };
    }
  }

  public int rows() {
    return rows;
  }

  public List<Source> sources() {
    return sources;
  }

  /** Index into {@link #sources()}. */
  public int source(int row) {
    int found = Arrays.binarySearch(starts, row);
    if (found < 0) {
      return -found - 2;
    }
    // Sources without rows share their start with the next one: the last of them has the row.
    while (found + 1 < starts.length && starts[found + 1] == row) {
      found++;
    }
    return found;
  }

  /** Line, index or entry in the source. */
  public int position(int row) {
    int source = source(row);
    int at = row - starts[source];
    return positions[source] == null ? firsts[source] + at : positions[source][at];
  }

  /** The split that the row's file names. */
  public Optional<Split> givenSplit(int row) {
    return sources.get(source(row)).split();
  }

  public String text(int row) {
    return sources.get(source(row)).text(position(row));
  }

  /** Grows with a table's rows. */
  public static final class Builder {
    private final List<Source> sources = new ArrayList<>();
    private final List<Integer> starts = new ArrayList<>();
    private final List<Integer> firsts = new ArrayList<>();

    /** Of each source; null if its positions are a run from its first. */
    private final List<int[]> parts = new ArrayList<>();

    private int first;

    /** The positions so far; null as long as they are a run. */
    private int[] open;

    private int opened;
    private int rows;

    /** The rows added from now on come from there. */
    public void begin(Source source) {
      close();
      sources.add(source);
      starts.add(rows);
      open = null;
      opened = 0;
      first = 0;
    }

    public void add(int position) {
      first = opened == 0 ? position : first;
      if (open == null && position == first + opened) {
        opened++;
        rows++;
        return;
      }
      if (open == null) {
        open = new int[Math.max(16, 2 * opened)];
        for (int i = 0; i < opened; i++) {
          open[i] = first + i;
        }
      }
      if (opened == open.length) {
        open = Arrays.copyOf(open, opened * 2);
      }
      open[opened++] = position;
      rows++;
    }

    public int rows() {
      return rows;
    }

    public Origins build() {
      close();
      return new Origins(this);
    }

    private void close() {
      if (parts.size() < sources.size()) {
        firsts.add(first);
        parts.add(open == null ? null : Arrays.copyOf(open, opened));
      }
    }
  }
}
