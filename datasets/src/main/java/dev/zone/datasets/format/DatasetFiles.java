package dev.zone.datasets.format;

import dev.zone.conf.ColumnSpec;
import dev.zone.conf.DatasetSpec;
import dev.zone.conf.SourceSpec;
import dev.zone.conf.SourceSpec.FileSpec;
import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.Problems;
import dev.zone.conf.error.ZoneException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** A dataset's files, found and pinned by digest. */
public final class DatasetFiles {
  private DatasetFiles() {}

  /**
   * All files that a descriptor names, checked against the digests it states; none for generated
   * data. If problems were added, the list is not to be used.
   *
   * @throws ZoneException of kind ENVIRONMENT if storage fails
   */
  public static List<ResolvedFile> resolve(
      DatasetSpec dataset, Path dataFolder, Digests digests, Problems problems) {
    if (dataset.isGenerated()) {
      return List.of();
    }
    return open(dataset, dataFolder, Map.of(), Limits.DEFAULT, problems)
        .map(sources -> resolve(dataset, sources, digests, problems))
        .orElse(List.of());
  }

  private static List<ResolvedFile> resolve(
      DatasetSpec dataset, SourceFiles sources, Digests digests, Problems problems) {
    Map<String, ResolvedFile> found = new LinkedHashMap<>();
    for (FileSpec spec : dataset.source().files()) {
      for (SourceFile file : sources.find(spec)) {
        Faults.gather(
            file.name(),
            problems,
            () -> {
              for (Map.Entry<String, Path> each : contents(file, sources.folder()).entrySet()) {
                ResolvedFile resolved = digests.of(each.getKey(), each.getValue());
                checkDigest(spec.sha256(), resolved, problems);
                found.put(each.getKey(), resolved);
              }
            });
      }
      for (SourceSpec.BesideSpec beside : spec.beside()) {
        Faults.gather(
            beside.path(),
            problems,
            () -> {
              ResolvedFile resolved =
                  digests.of(beside.path(), sources.folder().resolve(beside.path()));
              checkDigest(beside.sha256(), resolved, problems);
              found.put(beside.path(), resolved);
            });
      }
    }
    for (String name : endFiles(dataset)) {
      Faults.gather(
          name, problems, () -> found.put(name, digests.of(name, sources.folder().resolve(name))));
    }
    digests.save();
    return new ArrayList<>(found.values());
  }

  /**
   * SHA-256 over all that decides a dataset's rows: source, columns, split, and the content of each
   * file.
   *
   * @param files as {@link #resolve} found them
   */
  public static String datasetDigest(DatasetSpec dataset, List<ResolvedFile> files) {
    StringBuilder text = new StringBuilder();
    text.append(dataset.name()).append('\n');
    text.append(Canonical.text(dataset.source())).append('\n');
    text.append(Canonical.text(dataset.columns())).append('\n');
    text.append(Canonical.text(dataset.split())).append('\n');
    files.forEach(file -> text.append(file.sha256()).append(' ').append(file.name()).append('\n'));
    return Digests.ofText(text.toString());
  }

  /**
   * The entries of a descriptor by which a file of some name is read: that whose path ends in such
   * a name, or the only one there is; several if they name the same path, each of which then has
   * rows of its own of it. Empty if none is like it, or entries of different paths are.
   */
  public static List<FileSpec> entriesOf(DatasetSpec dataset, String name) {
    List<FileSpec> entries = dataset.source().files();
    if (areOfOnePath(entries)) {
      return entries;
    }
    List<FileSpec> fitting = entries.stream().filter(entry -> isLike(entry, name)).toList();
    return areOfOnePath(fitting) ? fitting : List.of();
  }

  private static boolean areOfOnePath(List<FileSpec> entries) {
    return entries.stream().map(FileSpec::path).distinct().count() == 1;
  }

  /** Whether a file of that name is like one that a descriptor's entries name. */
  public static boolean isOneOf(DatasetSpec dataset, String name) {
    return dataset.source().files().stream().anyMatch(entry -> isLike(entry, name));
  }

  private static boolean isLike(FileSpec entry, String name) {
    String last = entry.path().substring(entry.path().lastIndexOf('/') + 1);
    Predicate<String> like = Glob.isGlob(last) ? new Glob(last)::matches : last::equals;
    return like.test(name) || like.test(Packed.unpackedName(name));
  }

  /**
   * @param elsewhere files that do not lie in the folder, by the paths that the descriptor has
   */
  static Optional<SourceFiles> open(
      DatasetSpec dataset,
      Path dataFolder,
      Map<String, Path> elsewhere,
      Limits limits,
      Problems problems) {
    try {
      DataFolder folder = new DataFolder(dataFolder, elsewhere, limits);
      if (!Files.isDirectory(dataFolder)) {
        throw new NotDirectoryException(dataFolder.toString());
      }
      return Optional.of(new SourceFiles(folder, problems));
    } catch (NoSuchFileException | NotDirectoryException e) {
      problems.add(
          "",
          "Cannot find the data of %s: %s (expected a folder)"
              .formatted(dataset.name(), dataFolder));
      return Optional.empty();
    } catch (IOException e) {
      throw new ZoneException(
          ErrorKind.ENVIRONMENT,
          "Cannot read folder %s: %s".formatted(dataFolder, e.getMessage()),
          e);
    }
  }

  /**
   * Files that say nothing by themselves: those beside others, arrays behind the first of those
   * that stand side by side, and those with what is left of units at their last rows; as the
   * descriptor has their paths.
   */
  public static List<String> companions(DatasetSpec dataset) {
    List<String> companions = new ArrayList<>();
    dataset.source().files().stream()
        .flatMap(file -> file.beside().stream())
        .forEach(beside -> companions.add(beside.path()));
    dataset.source().files().stream()
        .flatMap(file -> sideBySide(dataset, file).stream())
        .forEach(other -> companions.add(other.path()));
    companions.addAll(endFiles(dataset));
    return companions.stream().distinct().toList();
  }

  /** The other arrays of those that stand side by side, where a file is the first. */
  public static List<FileSpec> sideBySide(DatasetSpec dataset, FileSpec first) {
    if (!(dataset.source() instanceof SourceSpec.Numpy)) {
      return List.of();
    }
    return NumpyBlocks.of(dataset.source().files()).stream()
        .filter(block -> block.get(0).equals(first))
        .findFirst()
        .map(block -> block.subList(1, block.size()))
        .orElse(List.of());
  }

  /** Files with what is left of each unit at its last row. */
  private static List<String> endFiles(DatasetSpec dataset) {
    return dataset.columns().values().stream()
        .flatMap(column -> column.remainingLife().stream())
        .map(ColumnSpec.RemainingLife::atEnd)
        .flatMap(atEnd -> atEnd.values().stream())
        .distinct()
        .toList();
  }

  /** The file itself, or what the descriptor takes of a folder. */
  private static Map<String, Path> contents(SourceFile file, DataFolder folder) throws IOException {
    Map<String, Path> contents = new LinkedHashMap<>();
    if (!Files.isDirectory(file.path())) {
      contents.put(file.name(), file.path());
      return contents;
    }
    Entries entries = new Entries(file.spec());
    String index = file.spec().index().map(SourceSpec.IndexSpec::entry).orElse("");
    for (String name : folder.below(file.name())) {
      if (entries.takes(name) || name.equals(index)) {
        String full = file.name() + "/" + name;
        contents.put(full, folder.resolve(full));
      }
    }
    return contents;
  }

  private static void checkDigest(Optional<String> stated, ResolvedFile file, Problems problems) {
    stated
        .filter(expected -> !expected.equalsIgnoreCase(file.sha256()))
        .ifPresent(
            expected ->
                problems.add(
                    file.name(),
                    "Cannot use file: its SHA-256 is %s (expected %s)"
                        .formatted(file.sha256(), expected)));
  }
}
