package dev.zone.datasets.format;

import dev.zone.conf.DatasetSpec;
import dev.zone.conf.SourceSpec;
import dev.zone.conf.error.Problems;
import dev.zone.datasets.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads a dataset's files into a table. */
public final class TableReader {
  private static final int MOST_THREADS = 4;

  private TableReader() {}

  /**
   * Reads or generates all rows, checking every value against the descriptor.
   *
   * @param problems receives everything that is wrong, with file and row
   * @return empty if there were problems
   * @throws dev.zone.conf.error.ZoneException of kind ENVIRONMENT if storage fails
   */
  public static Optional<Table> read(
      DatasetSpec dataset, Path dataFolder, Limits limits, Problems problems) {
    if (dataset.source() instanceof SourceSpec.Generated source) {
      return GeneratedTable.of(dataset, source, problems);
    }
    int before = problems.count();
    Optional<SourceFiles> files =
        DatasetFiles.open(dataset, dataFolder, Map.of(), limits, problems);
    if (files.isEmpty()) {
      return Optional.empty();
    }
    TableBuilder table = new TableBuilder(dataset, problems);
    read(dataset, files.get(), limits, table);
    if (problems.count() > before) {
      return Optional.empty();
    }
    if (table.rows() == 0) {
      problems.add("", "Cannot use %s: it has no rows".formatted(dataset.name()));
      return Optional.empty();
    }
    Table complete =
        new RemainingLives(files.get().folder(), limits, problems).add(table.build(), dataset);
    return problems.count() > before ? Optional.empty() : Optional.of(complete);
  }

  /**
   * Reads or generates all rows, setting aside those that are not as the descriptor says. Of
   * columns that are computed, only rows' numbers are there.
   *
   * @param pieces takes rows, good and bad, some at a time, by several threads, so that memory does
   *     not grow with the files
   * @param problems receives what is wrong with files as a whole; then what the pieces brought is
   *     not to be used
   * @throws dev.zone.conf.error.ZoneException of kind ENVIRONMENT if storage fails
   */
  public static void admit(
      DatasetSpec dataset, Path dataFolder, Limits limits, Pieces pieces, Problems problems) {
    admit(dataset, dataFolder, Map.of(), limits, threads(), pieces, problems);
  }

  /** So many pieces are read at the same time by whoever has this machine. */
  public static int threads() {
    return Math.min(MOST_THREADS, Math.max(1, Runtime.getRuntime().availableProcessors()));
  }

  /**
   * @param elsewhere files that do not lie in the folder, by the paths that the descriptor has
   * @param threads that read at the same time
   */
  static void admit(
      DatasetSpec dataset,
      Path dataFolder,
      Map<String, Path> elsewhere,
      Limits limits,
      int threads,
      Pieces pieces,
      Problems problems) {
    // Threads that read pieces add to one, this thread to the other.
    Problems ofPieces = new Problems();
    Problems mine = new Problems();
    try (PiecePool pool = new PiecePool(pieces, threads, ofPieces)) {
      if (dataset.source() instanceof SourceSpec.Generated source) {
        GeneratedTable.admit(dataset, source, pool, mine);
      } else {
        TableBuilder table = TableBuilder.admitting(dataset, mine, pool);
        DatasetFiles.open(dataset, dataFolder, elsewhere, limits, mine)
            .ifPresent(files -> read(dataset, files, limits, table));
        if (mine.isEmpty()) {
          table.endPiece();
        }
      }
      pool.await();
    }
    problems.addAll(ofPieces);
    problems.addAll(mine);
  }

  private static void read(
      DatasetSpec dataset, SourceFiles files, Limits limits, TableBuilder table) {
    Problems problems = table.problems();
    int before = problems.count();
    List<SourceFile> found =
        dataset.source().files().stream().flatMap(spec -> files.find(spec).stream()).toList();
    if (!(dataset.source() instanceof SourceSpec.Images)) {
      found.stream()
          .filter(file -> Files.isDirectory(file.path()))
          .forEach(
              file -> problems.add(file.name(), "Cannot read a folder as data (expected a file)"));
      if (problems.count() > before) {
        return;
      }
    }
    if (dataset.source() instanceof SourceSpec.Delimited spec) {
      each(found, table, dataset, limits, table.delimited(spec, files.folder(), limits)::read);
    } else if (dataset.source() instanceof SourceSpec.JsonLines) {
      each(found, table, dataset, limits, table.jsonLines(limits)::read);
    } else if (dataset.source() instanceof SourceSpec.Numpy spec) {
      together(found, table, dataset, limits, new NumpyReader(spec, table, limits));
    } else if (dataset.source() instanceof SourceSpec.Parquet) {
      each(found, table, dataset, limits, new ParquetRows(table, limits)::read);
    } else if (dataset.source() instanceof SourceSpec.Images spec) {
      ImagesReader reader = new ImagesReader(spec, table, files.folder(), limits);
      each(found, table, dataset, limits, reader::read);
    } else if (dataset.source() instanceof SourceSpec.Matlab spec) {
      each(found, table, dataset, limits, new MatlabReader(spec, table, limits)::read);
    } else {
      throw new IllegalArgumentException("Cannot read: " + dataset.source());
    }
    table.faults().end();
  }

  /** Reads a file. */
  private interface Reading {
    void read(SourceFile file) throws IOException;
  }

  private static void each(
      List<SourceFile> found,
      TableBuilder table,
      DatasetSpec dataset,
      Limits limits,
      Reading reading) {
    for (SourceFile file : found) {
      Faults.gather(
          file.name(),
          table.problems(),
          () -> {
            try (Unpacked unpacked = Unpacked.of(file, dataset.source(), limits)) {
              reading.read(unpacked.file());
            }
          });
    }
  }

  /** Of files that stand side by side all are there at the same time. */
  private static void together(
      List<SourceFile> found,
      TableBuilder table,
      DatasetSpec dataset,
      Limits limits,
      NumpyReader reader) {
    List<Unpacked> unpacked = new ArrayList<>();
    int before = table.problems().count();
    try {
      for (SourceFile file : found) {
        Faults.gather(
            file.name(),
            table.problems(),
            () -> unpacked.add(Unpacked.of(file, dataset.source(), limits)));
      }
      if (table.problems().count() == before) {
        reader.read(unpacked.stream().map(Unpacked::file).toList());
      }
    } finally {
      for (Unpacked each : unpacked) {
        Faults.gather(each.file().name(), table.problems(), each::close);
      }
    }
  }
}
