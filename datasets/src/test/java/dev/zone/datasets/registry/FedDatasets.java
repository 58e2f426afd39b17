package dev.zone.datasets.registry;

import dev.zone.conf.DatasetName;
import dev.zone.datasets.storage.Storage;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;

/** Datasets of a registry in a test's folder. */
final class FedDatasets {
  static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-28T10:00:00Z"), ZoneOffset.UTC);

  private FedDatasets() {}

  /** Makes {@code chip/test}. */
  static RegisteredDataset create(Path folder, String descriptor) {
    return new Registry(Storage.local(folder.resolve("registry")))
        .create(DatasetName.parse("chip/test"), descriptor, "ada", CLOCK.instant());
  }
}
