package dev.zone.datasets.download;

import dev.zone.conf.DatasetSpec;
import dev.zone.conf.HttpAddresses;
import dev.zone.conf.RelativePaths;
import dev.zone.conf.error.Problems;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A file that is to be downloaded.
 *
 * @param path below the folder it goes to, as the descriptor has it
 * @param url address of http or https
 * @param sha256 that it must have, hexadecimal; empty if that is not known
 */
public record Wanted(String path, String url, Optional<String> sha256) {
  /**
   * The files of a dataset, each once. If problems were added, the list is not to be used.
   *
   * @param problems receives which files have no url, and what else keeps them from being fetched
   */
  public static List<Wanted> of(DatasetSpec dataset, Problems problems) {
    if (dataset.isGenerated()) {
      problems.add(
          "",
          "Cannot download %s: its rows are generated (expected files; jobs use it as it is)"
              .formatted(dataset.name()));
      return List.of();
    }
    Map<String, List<Stated>> byPath = new LinkedHashMap<>();
    stated(dataset)
        .forEach(one -> byPath.computeIfAbsent(one.path(), path -> new ArrayList<>()).add(one));
    List<Wanted> wanted = new ArrayList<>();
    List<String> without = new ArrayList<>();
    byPath.forEach(
        (path, entries) -> {
          // Several entries may take different rows of one file.
          Optional<String> url = only(path, entries.stream().map(Stated::url), problems);
          Optional<String> sha256 = only(path, entries.stream().map(Stated::sha256), problems);
          url.ifPresent(
              address -> {
                check(path, address, problems);
                wanted.add(new Wanted(path, address, sha256));
              });
          if (url.isEmpty()) {
            without.add(path);
          }
        });
    if (!without.isEmpty()) {
      problems.add(
          "",
          "Cannot download %s of %s: the descriptor has no url for %s (expected one for each file; %s--data %s=DIR serves files that lie here)"
              .formatted(
                  String.join(", ", without),
                  dataset.name(),
                  without.size() == 1 ? "it" : "them",
                  dataset
                      .address()
                      .map(address -> "the dataset is to be had at " + address + ", and ")
                      .orElse(""),
                  dataset.name()));
    }
    return List.copyOf(wanted);
  }

  /** What an entry says of its file. */
  private record Stated(String path, Optional<String> url, Optional<String> sha256) {}

  /** Of files, and of those beside them. */
  private static Stream<Stated> stated(DatasetSpec dataset) {
    return dataset.source().files().stream()
        .flatMap(
            file ->
                Stream.concat(
                    Stream.of(new Stated(file.path(), file.url(), file.sha256())),
                    file.beside().stream()
                        .map(one -> new Stated(one.path(), one.url(), one.sha256()))));
  }

  private static Optional<String> only(
      String path, Stream<Optional<String>> stated, Problems problems) {
    List<String> different = stated.flatMap(Optional::stream).distinct().toList();
    if (different.size() > 1) {
      problems.add(
          path,
          "Cannot download the file: its entries contradict each other: %s (expected the same for one path)"
              .formatted(String.join(", ", different)));
    }
    return different.stream().findFirst();
  }

  private static void check(String path, String url, Problems problems) {
    if (!RelativePaths.isSafe(path) || path.indexOf('*') >= 0) {
      problems.add(
          path, "Cannot download the file: %s (expected the path of one file)".formatted(path));
    }
    if (HttpAddresses.parse(url).isEmpty()) {
      problems.add(
          path,
          "Cannot download the file: %s (expected an address of http or https)".formatted(url));
    }
  }
}
