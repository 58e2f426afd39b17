package dev.zone.datasets.registry;

import dev.zone.conf.DatasetSpec;
import dev.zone.conf.SourceSpec;
import dev.zone.conf.error.Problems;
import dev.zone.datasets.storage.PlacedFile;
import java.io.IOException;

/** A folder that is fed like a file: as a zip of its files is. */
final class FedFolder {
  private FedFolder() {}

  /** What keeps a folder from being fed. */
  static Problems objections(PlacedFile folder, DatasetSpec descriptor) throws IOException {
    Problems problems = new Problems();
    if (!(descriptor.source() instanceof SourceSpec.Images)) {
      problems.add(
          "",
          "Cannot feed a folder: %s (expected a file; only images come in folders)"
              .formatted(folder));
    } else if (folder.mounted().isEmpty()) {
      problems.add(
          "",
          "Cannot feed a folder of another machine: %s (expected one that is mounted here, or a zip or tar of it)"
              .formatted(folder));
    } else {
      folder.files().objections().forEach(each -> problems.add(folder.place(), each));
    }
    return problems;
  }
}
