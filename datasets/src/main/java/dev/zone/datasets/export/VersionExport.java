package dev.zone.datasets.export;

import dev.zone.conf.ColumnSpec;
import dev.zone.conf.DatasetSpec;
import dev.zone.conf.SplitSpec.Split;
import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.ColumnPattern;
import dev.zone.datasets.format.Texts;
import dev.zone.datasets.registry.Part;
import dev.zone.datasets.registry.PartTables;
import dev.zone.datasets.registry.RegisteredDataset;
import dev.zone.datasets.registry.Version;
import dev.zone.datasets.storage.Storage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Writes a version to a folder: a file (of Parquet one or more) for each split that its files name,
 * and {@code dataset.yaml}. The folder is there as a whole or not at all.
 */
public final class VersionExport {
  private static final int MOST_LISTED = 8;

  private final RegisteredDataset dataset;
  private final DatasetSpec descriptor;
  private final Version version;

  public VersionExport(RegisteredDataset dataset, DatasetSpec descriptor, Version version) {
    this.dataset = dataset;
    this.descriptor = descriptor;
    this.version = version;
  }

  /**
   * Exports.
   *
   * @param folder that is not there, or empty
   * @return names of the files with rows
   * @throws ZoneException of the user's if the folder holds something or the format cannot hold the
   *     columns, of the environment if a file cannot be read or written
   */
  public List<String> to(Path folder, ExportFormat format) {
    if (format == ExportFormat.CSV
        && descriptor.columns().values().stream()
            .anyMatch(column -> column.type() == ColumnSpec.Type.TENSOR)) {
      throw ZoneException.user(
          "Cannot export %s as csv: it has arrays (expected --format npz or parquet)"
              .formatted(dataset.name()));
    }
    Path target = folder.toAbsolutePath().normalize();
    String hidden = ".export." + UUID.randomUUID();
    Path begun = target.resolveSibling(hidden);
    try {
      requireFree(target);
      if (format != ExportFormat.PARQUET) {
        // Files that are taken as they are are compared while they are copied.
        requireWhole();
        requireSameColumns(format);
      }
      Files.createDirectories(begun);
      try {
        List<String> files = write(begun, format);
        Files.writeString(begun.resolve("dataset.yaml"), dataset.descriptor());
        Files.deleteIfExists(target);
        Files.move(begun, target);
        return files;
      } finally {
        Storage.local(begun.getParent()).deleteTree(hidden);
      }
    } catch (IOException e) {
      throw ZoneException.environment(
          "Cannot export to %s (%s)".formatted(folder, e.getMessage()), e);
    }
  }

  private static void requireFree(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> inside = Files.list(folder)) {
        if (inside.findAny().isPresent()) {
          throw taken(folder);
        }
      } catch (java.nio.file.NotDirectoryException e) {
        throw taken(folder);
      }
    }
  }

  private static ZoneException taken(Path folder) {
    return ZoneException.user(
        "Cannot export to %s: something is there (expected a folder that is not there, or empty)"
            .formatted(folder));
  }

  private void requireWhole() {
    List<String> wrong = dataset.verify(version);
    if (!wrong.isEmpty()) {
      throw ZoneException.environment(
          "Cannot export %s@%d, which is damaged: %s%s"
              .formatted(
                  dataset.name(),
                  version.number(),
                  wrong.get(0),
                  wrong.size() > 1 ? " and %d more".formatted(wrong.size() - 1) : ""),
          null);
    }
  }

  /** Versions of old may have files of different columns, where the descriptor has patterns. */
  private void requireSameColumns(ExportFormat format) {
    if (descriptor.columns().keySet().stream().noneMatch(ColumnPattern::isPattern)) {
      return;
    }
    PartTables tables = new PartTables(dataset, descriptor);
    Part first = version.parts().get(0);
    Set<String> wanted = byPattern(tables.columns(first));
    for (Part part : version.parts()) {
      Set<String> found = byPattern(tables.columns(part));
      if (!found.equals(wanted)) {
        List<String> differing =
            Stream.concat(
                    wanted.stream().filter(name -> !found.contains(name)),
                    found.stream().filter(name -> !wanted.contains(name)))
                .toList();
        throw ZoneException.user(
            "Cannot export %s@%d as %s: not all of its files have the columns %s (expected the same in %s and %s; --format parquet takes the files as they are)"
                .formatted(
                    dataset.name(),
                    version.number(),
                    format.name().toLowerCase(Locale.ROOT),
                    String.join(
                        ", ", differing.stream().limit(MOST_LISTED).map(Texts::shown).toList()),
                    first.path(),
                    part.path()));
      }
    }
  }

  private Set<String> byPattern(List<String> columns) {
    Set<String> found = new LinkedHashSet<>(columns);
    found.removeAll(descriptor.columns().keySet());
    return found;
  }

  private List<String> write(Path folder, ExportFormat format) throws IOException {
    Map<String, List<Part>> files = new LinkedHashMap<>();
    for (Part part : version.parts()) {
      String name = part.split().map(VersionExport::word).orElse("data");
      files.computeIfAbsent(name, none -> new ArrayList<>()).add(part);
    }
    List<String> written = new ArrayList<>();
    PartTables tables = new PartTables(dataset, descriptor);
    for (Map.Entry<String, List<Part>> each : files.entrySet()) {
      if (format == ExportFormat.PARQUET) {
        int number = 0;
        for (Part part : each.getValue()) {
          String name = "%s-%05d.parquet".formatted(each.getKey(), number++);
          dataset.copy(part, folder.resolve(name));
          written.add(name);
        }
        continue;
      }
      String name = each.getKey() + (format == ExportFormat.CSV ? ".csv" : ".npz");
      if (format == ExportFormat.CSV) {
        try (CsvFile csv = new CsvFile(folder.resolve(name), descriptor.timestamps())) {
          tables.forEach(each.getValue(), (part, table) -> csv.add(table));
        }
      } else {
        new NpzFile(tables, each.getValue()).write(folder.resolve(name));
      }
      written.add(name);
    }
    return written;
  }

  private static String word(Split split) {
    return split.name().toLowerCase(Locale.ROOT);
  }

  /** Bytes of a text. */
  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
