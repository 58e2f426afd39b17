package dev.zone.launcher.plan;

import dev.zone.conf.DatasetName;
import dev.zone.conf.DatasetSpec;
import dev.zone.conf.SourceSpec.FileSpec;
import dev.zone.conf.error.Problems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Where the data of datasets lie: folders given by dataset, and roots that hold {@code
 * <domain>/<folder>} below.
 */
final class DataFolders {
  private final Map<String, Path> named = new LinkedHashMap<>();
  private final Set<Path> roots = new LinkedHashSet<>();

  private DataFolders() {}

  /**
   * @param options {@code NAME=DIR}, NAME a dataset's, or {@code DIR}, a root
   * @param defaultRoot a root that comes after the options'
   * @param folder that relative folders start from
   */
  static DataFolders of(
      List<String> options, Optional<String> defaultRoot, Path folder, Problems problems) {
    DataFolders folders = new DataFolders();
    for (String option : options) {
      int equals = option.indexOf('=');
      try {
        if (equals < 0) {
          folders.root(option, folder, problems);
        } else {
          DatasetName name = DatasetName.parse(option.substring(0, equals));
          folders.named.put(name.path(), folder.resolve(option.substring(equals + 1)).normalize());
        }
      } catch (InvalidPathException e) {
        problems.add("--data", "Cannot use the folder: " + option + " (" + e.getReason() + ")");
      } catch (IllegalArgumentException e) {
        problems.add(
            "--data",
            "Cannot use "
                + option
                + ": no dataset's name before '=' (expected NAME=DIR, the NAME such as"
                + " chip/wm811k, or DIR)");
      }
    }
    defaultRoot
        .filter(root -> !root.isBlank())
        .ifPresent(root -> folders.roots.add(folder.resolve(root).normalize()));
    return folders;
  }

  private void root(String option, Path folder, Problems problems) {
    Path root = folder.resolve(option).normalize();
    if (Files.isDirectory(root)) {
      roots.add(root);
    } else {
      problems.add("--data", "Cannot find the folder: " + option + " (expected DIR or NAME=DIR)");
    }
  }

  /** The folder of a dataset's files; empty, and a problem, if there is none. */
  Optional<Path> find(DatasetSpec dataset, Problems problems) {
    String name = dataset.name().path();
    for (String other : named.keySet()) {
      if (!other.equals(name)) {
        problems.add(
            "--data",
            "Cannot use data of "
                + other
                + ": the job's dataset is "
                + name
                + " (expected --data "
                + name
                + "=DIR)");
      }
    }
    if (named.containsKey(name)) {
      Path given = named.get(name);
      if (Files.isDirectory(given)) {
        return Optional.of(given);
      }
      problems.add(
          "--data", "Cannot find the data of " + name + ": " + given + " (expected a folder)");
      return Optional.empty();
    }
    List<Path> looked = new ArrayList<>();
    for (Path root : roots) {
      Path usual = root.resolve(dataset.name().domain()).resolve(dataset.name().name());
      looked.add(usual);
      if (Files.isDirectory(usual)) {
        return Optional.of(usual);
      }
    }
    List<Path> holders = holders(dataset);
    if (holders.size() == 1) {
      return Optional.of(holders.get(0));
    }
    problems.add("", missing(dataset, looked, holders));
    return Optional.empty();
  }

  /** Folders below the roots, or roots, that hold every file that the descriptor names. */
  private List<Path> holders(DatasetSpec dataset) {
    List<Path> holders = new ArrayList<>();
    for (Path root : roots) {
      Path domain = root.resolve(dataset.name().domain());
      if (Files.isDirectory(domain)) {
        try (Stream<Path> folders = Files.list(domain)) {
          folders
              .sorted()
              .filter(folder -> Files.isDirectory(folder) && holds(folder, dataset))
              .forEach(holders::add);
        } catch (IOException e) {
          // A folder that cannot be listed holds nothing for us.
          continue;
        }
      }
      if (holds(root, dataset)) {
        holders.add(root);
      }
    }
    return holders;
  }

  private static boolean holds(Path folder, DatasetSpec dataset) {
    List<String> plain =
        dataset.source().files().stream()
            .map(FileSpec::path)
            .filter(path -> path.indexOf('*') < 0)
            .toList();
    return !plain.isEmpty() && plain.stream().allMatch(path -> Files.exists(folder.resolve(path)));
  }

  private static String missing(DatasetSpec dataset, List<Path> looked, List<Path> holders) {
    String name = dataset.name().path();
    StringBuilder message = new StringBuilder("Cannot find the data of " + name + ": ");
    if (!holders.isEmpty()) {
      message.append("several folders may be it: ").append(join(holders));
    } else if (looked.isEmpty()) {
      message.append("no folder was given");
    } else {
      message.append("not at ").append(join(looked));
      message.append(", and no folder beside has its files");
    }
    message.append(" (expected the files of ").append(name);
    dataset.address().ifPresent(address -> message.append(", to be had at ").append(address));
    return message
        .append("; --data ")
        .append(name)
        .append("=DIR names their folder, --data DIR or ZONE_DATA a folder of all data)")
        .toString();
  }

  private static String join(List<Path> paths) {
    return String.join(", ", paths.stream().map(Path::toString).toList());
  }
}
