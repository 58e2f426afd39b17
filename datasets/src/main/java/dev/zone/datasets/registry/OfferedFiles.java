package dev.zone.datasets.registry;

import dev.zone.conf.DatasetSpec;
import dev.zone.conf.SourceSpec.FileSpec;
import dev.zone.conf.error.Problems;
import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.format.DatasetFiles;
import dev.zone.datasets.registry.FeedReading.Offered;
import dev.zone.datasets.storage.PlacedFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Finds out what the files of a feed are to its dataset. */
final class OfferedFiles {
  private OfferedFiles() {}

  /**
   * Files with rows, each as often as entries of the descriptor read it, one behind the other.
   *
   * @param reading looks at them
   * @param problems receives what is wrong with them
   */
  static List<Offered> of(
      List<PlacedFile> files, DatasetSpec descriptor, FeedReading reading, Problems problems) {
    List<Offered> offered = new ArrayList<>();
    PlacedFile current = null;
    try {
      List<PlacedFile> there = new ArrayList<>();
      for (PlacedFile file : files) {
        current = file;
        if (isThere(file, descriptor, problems)) {
          there.add(file);
        }
      }
      Companions companions = new Companions(descriptor, there);
      for (PlacedFile file : companions.rows()) {
        current = file;
        List<FileSpec> entries = DatasetFiles.entriesOf(descriptor, file.name());
        if (entries.isEmpty()) {
          problems.add(file.place(), unknown(descriptor));
          continue;
        }
        Map<String, PlacedFile> own = companions.of(file, entries, problems);
        Offered first = reading.look(file, descriptor, entries.get(0)).with(own);
        offered.add(first);
        for (FileSpec entry : entries.subList(1, entries.size())) {
          offered.add(reading.lookAgain(first, descriptor, entry));
        }
      }
      companions.requireAllUsed(problems);
      return offered;
    } catch (IOException e) {
      throw ZoneException.environment("Cannot read %s: %s".formatted(current, e.getMessage()), e);
    }
  }

  private static boolean isThere(PlacedFile file, DatasetSpec descriptor, Problems problems)
      throws IOException {
    if (file.isFile()) {
      return true;
    }
    Problems wrong = new Problems();
    if (file.isFolder()) {
      wrong.addAll(FedFolder.objections(file, descriptor));
    } else {
      wrong.add("", "Cannot find the file: %s (expected a file)".formatted(file));
    }
    problems.addAll(wrong);
    return wrong.isEmpty();
  }

  private static String unknown(DatasetSpec descriptor) {
    List<String> paths =
        descriptor.source().files().stream().map(FileSpec::path).distinct().toList();
    return "Cannot tell which of the descriptor's files it is like (expected a name such as %s)"
        .formatted(String.join(", ", paths));
  }
}
