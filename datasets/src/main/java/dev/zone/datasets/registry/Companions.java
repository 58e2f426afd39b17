package dev.zone.datasets.registry;

import dev.zone.conf.DatasetSpec;
import dev.zone.conf.SourceSpec.FileSpec;
import dev.zone.conf.error.Problems;
import dev.zone.datasets.format.DatasetFiles;
import dev.zone.datasets.storage.PlacedFile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Files of a feed that say nothing by themselves: those that stand beside others, and those with
 * what is left of units, as {@link DatasetFiles#companions} has them. They are found by their names
 * among the files that are given, in the same folder first.
 */
final class Companions {
  private final DatasetSpec descriptor;
  private final List<PlacedFile> given = new ArrayList<>();
  private final List<PlacedFile> rows = new ArrayList<>();
  private final Set<PlacedFile> used = new LinkedHashSet<>();

  Companions(DatasetSpec descriptor, List<PlacedFile> files) {
    this.descriptor = descriptor;
    List<String> companions = DatasetFiles.companions(descriptor);
    for (PlacedFile file : files) {
      boolean isCompanion = companions.stream().anyMatch(path -> isLike(file, path));
      (isCompanion ? given : rows).add(file);
    }
  }

  /** Files with rows of their own. */
  List<PlacedFile> rows() {
    return List.copyOf(rows);
  }

  /** Where a file of the descriptor may lie: elsewhere than it says, but named so. */
  private boolean isLike(PlacedFile file, String path) {
    String name = file.name();
    return file.place().equals(path)
        || file.place().endsWith("/" + path)
        || (name.equals(last(path)) && !isAnother(name, path));
  }

  /** Whether a file of that name may be one that has rows. */
  private boolean isAnother(String name, String path) {
    return DatasetFiles.isOneOf(descriptor, name)
        && DatasetFiles.entriesOf(descriptor, name).stream()
            .noneMatch(entry -> entry.path().equals(path));
  }

  private static String folder(PlacedFile file) {
    return file.place().substring(0, file.place().length() - file.name().length());
  }

  private static String last(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /**
   * Those of a file.
   *
   * @param entries that it is read by
   * @param problems receives which are missing
   * @return by the paths that the descriptor has, in its order
   */
  Map<String, PlacedFile> of(PlacedFile file, List<FileSpec> entries, Problems problems) {
    Map<String, PlacedFile> found = new LinkedHashMap<>();
    List<String> missing = new ArrayList<>();
    for (String path :
        entries.stream().flatMap(entry -> needed(entry).stream()).distinct().toList()) {
      List<PlacedFile> like = given.stream().filter(each -> isLike(each, path)).distinct().toList();
      Optional<PlacedFile> same =
          like.stream().filter(each -> folder(each).equals(folder(file))).findFirst();
      if (same.isEmpty() && like.size() > 1) {
        problems.add(
            file.place(),
            "Cannot tell which %s belongs to it: %s (expected one in its folder)"
                .formatted(last(path), like));
      }
      same.or(() -> like.stream().findFirst())
          .ifPresentOrElse(
              each -> {
                used.add(each);
                found.put(path, each);
              },
              () -> missing.add(last(path)));
    }
    if (!missing.isEmpty()) {
      problems.add(
          file.place(),
          "Cannot feed it without %s (expected the files that belong together in one feed)"
              .formatted(String.join(", ", missing)));
    }
    return found;
  }

  private List<String> needed(FileSpec entry) {
    List<String> needed = new ArrayList<>();
    entry.beside().forEach(beside -> needed.add(beside.path()));
    DatasetFiles.sideBySide(descriptor, entry).forEach(other -> needed.add(other.path()));
    descriptor
        .columns()
        .values()
        .forEach(
            column ->
                column
                    .remainingLife()
                    .flatMap(life -> entry.split().map(life.atEnd()::get))
                    .ifPresent(needed::add));
    return needed.stream().distinct().toList();
  }

  /** After all: finds files that belong to none. */
  void requireAllUsed(Problems problems) {
    for (PlacedFile file : given) {
      if (!used.contains(file)) {
        problems.add(
            file.place(),
            "Cannot feed it alone: it has no rows of its own (expected the files that belong together in one feed)");
      }
    }
  }
}
