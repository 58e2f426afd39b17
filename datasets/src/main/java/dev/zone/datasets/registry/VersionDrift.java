package dev.zone.datasets.registry;

import dev.zone.conf.DatasetSpec;
import dev.zone.datasets.PreparedManifest.Finding;
import dev.zone.datasets.admission.RowFindings;
import dev.zone.datasets.profile.Profile;
import java.util.List;
import java.util.Optional;

/** What moved since the version that the last model was trained on, or else the one before. */
public final class VersionDrift {
  private VersionDrift() {}

  /** Of rows that are not in the dataset yet. */
  static List<Finding> of(RegisteredDataset dataset, DatasetSpec descriptor, Profile rows) {
    Optional<Version> newest = dataset.newest();
    if (newest.isEmpty()) {
      return List.of();
    }
    Optional<Integer> trained = dataset.log().trained();
    int number = trained.filter(one -> one <= newest.get().number()).orElse(newest.get().number());
    return between(dataset, descriptor, new Since(number, trained.isPresent()), rows);
  }

  /** Of the rows that came to a version since. */
  public static List<Finding> of(
      RegisteredDataset dataset, DatasetSpec descriptor, Version version) {
    Optional<Integer> trained = dataset.log().trained().filter(one -> one < version.number());
    int number = trained.orElse(version.number() - 1);
    return number < 1
        ? List.of()
        : dataset
            .profiles()
            .since(number, version)
            .map(rows -> between(dataset, descriptor, new Since(number, trained.isPresent()), rows))
            .orElse(List.of());
  }

  /**
   * @param trained whether a model was trained on it
   */
  private record Since(int number, boolean trained) {
    String words() {
      return "@" + number + (trained ? ", which the last model was trained on," : "");
    }
  }

  private static List<Finding> between(
      RegisteredDataset dataset, DatasetSpec descriptor, Since since, Profile rows) {
    return dataset
        .profiles()
        .of(dataset.version(since.number()))
        .map(before -> RowFindings.drift(descriptor, before, rows, since.words()))
        .orElse(List.of());
  }
}
