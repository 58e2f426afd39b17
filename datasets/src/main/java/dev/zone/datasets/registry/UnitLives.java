package dev.zone.datasets.registry;

import dev.zone.conf.ColumnSpec;
import dev.zone.conf.ColumnSpec.RemainingLife;
import dev.zone.conf.ColumnSpec.Role;
import dev.zone.conf.DatasetSpec;
import dev.zone.conf.error.Problems;
import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.Column;
import dev.zone.datasets.GroupIds;
import dev.zone.datasets.NumberColumn;
import dev.zone.datasets.format.Limits;
import dev.zone.datasets.format.Pieces;
import dev.zone.datasets.format.UnitEnds;
import dev.zone.datasets.registry.FeedReading.Offered;
import dev.zone.datasets.storage.PlacedFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The remaining lives of a feed's units, where its files cut them short and others say what is
 * left: found by reading the units' last times before the rows are fed.
 */
final class UnitLives {
  private static final int MOST_UNITS = 10_000_000;

  private final DatasetSpec descriptor;
  private final List<Offered> files;
  private final Problems problems;

  /** By column and file with what is left. */
  private final Map<String, Map<String, Double>> known = new LinkedHashMap<>();

  /**
   * @param files of the feed, those that were fed before too: what is left is told of all units of
   *     a split together
   * @param problems receives what is wrong with files as a whole
   */
  UnitLives(DatasetSpec descriptor, List<Offered> files, Problems problems) {
    this.descriptor = descriptor;
    List<String> entries = descriptor.source().files().stream().map(entry -> entry.path()).toList();
    // As files of a folder come: units that have no numbers stand in this order.
    this.files =
        files.stream()
            .sorted(
                Comparator.<Offered>comparingInt(file -> entries.indexOf(file.entry().path()))
                    .thenComparing(Offered::name))
            .toList();
    this.problems = problems;
  }

  /** Of one of the files. */
  FileLives of(Offered file) {
    List<FileLives.Life> lives = new ArrayList<>();
    descriptor
        .columns()
        .forEach(
            (name, column) ->
                column
                    .remainingLife()
                    .filter(life -> !life.atEnd().isEmpty() && column.role() != Role.IGNORED)
                    .ifPresent(
                        life ->
                            lives.add(
                                new FileLives.Life(
                                    name, life.group(), life.time(), ends(name, life, file)))));
    return new FileLives(lives);
  }

  /** By unit; none if its units are not cut short. */
  private Map<String, Double> ends(String column, RemainingLife life, Offered file) {
    return file.entry()
        .split()
        .map(life.atEnd()::get)
        .map(left -> ends(column, life, left, file))
        .orElse(Map.of());
  }

  private Map<String, Double> ends(String column, RemainingLife life, String left, Offered of) {
    PlacedFile path = of.companions().get(left);
    Map<String, Double> ends = known.get(column + " " + path);
    if (ends == null) {
      ends = read(life, left, of);
      known.put(column + " " + path, ends);
    }
    return ends;
  }

  private Map<String, Double> read(RemainingLife life, String left, Offered of) {
    PlacedFile path = of.companions().get(left);
    Map<String, Double> last = new LinkedHashMap<>();
    for (Offered file : files) {
      if (file.entry().split().equals(of.entry().split())
          && path.equals(file.companions().get(left))) {
        FeedReading.readHere(file, lean(life), Limits.DEFAULT, new LastTimes(life, last), problems);
      }
    }
    List<String> units = List.copyOf(last.keySet());
    return problems.isEmpty()
        ? UnitEnds.of(units, of.entry().split().orElseThrow(), local(path), left, problems)
            .map(
                each -> {
                  for (int i = 0; i < each.length; i++) {
                    last.merge(units.get(i), each[i], Double::sum);
                  }
                  return last;
                })
            .orElse(Map.of())
        : Map.of();
  }

  private static Path local(PlacedFile file) {
    try {
      return file.local();
    } catch (IOException e) {
      throw ZoneException.environment("Cannot read %s: %s".formatted(file, e.getMessage()), e);
    }
  }

  /** The descriptor without what does not tell units and times: a row may be wrong elsewhere. */
  private DatasetSpec lean(RemainingLife life) {
    List<ColumnSpec> read =
        Stream.of(life.group(), life.time())
            .flatMap(name -> descriptor.column(name).stream())
            .toList();
    Map<String, ColumnSpec> columns = new LinkedHashMap<>();
    descriptor
        .columns()
        .forEach(
            (name, column) ->
                columns.put(
                    name,
                    read.contains(column)
                            || column.isComputed()
                            || column.type() == ColumnSpec.Type.TENSOR
                        ? column
                        : column.ignored()));
    return descriptor.from(descriptor.source(), columns);
  }

  /** Takes the last time of each unit. */
  private record LastTimes(RemainingLife life, Map<String, Double> last) implements Pieces {
    @Override
    public void inOrder(Piece piece) {
      Column group = piece.table().column(life.group()).orElse(null);
      if (group == null
          || !(piece.table().column(life.time()).orElse(null) instanceof NumberColumn time)) {
        // Columns that nobody reads tell no units, which then are too few.
        return;
      }
      for (int row = 0; row < piece.table().rows(); row++) {
        double now = time.value(row);
        if (!piece.isRejected(row) && !GroupIds.isMissing(group, row) && !Double.isNaN(now)) {
          last.merge(GroupIds.text(group, row), now, Math::max);
        }
      }
      if (last.size() > MOST_UNITS) {
        throw ZoneException.user(
            "Cannot tell the units of '%s' apart: more than %,d (expected at most that)"
                .formatted(life.group(), MOST_UNITS));
      }
    }

    @Override
    public void take(Piece piece) {}
  }
}
