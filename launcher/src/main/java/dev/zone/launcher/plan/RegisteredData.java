package dev.zone.launcher.plan;

import dev.zone.conf.DatasetName;
import dev.zone.conf.DatasetSpec;
import dev.zone.conf.PlanSpec;
import dev.zone.conf.error.Problems;
import dev.zone.conf.error.ZoneException;
import dev.zone.conf.yaml.Bound;
import dev.zone.conf.yaml.Locations;
import dev.zone.datasets.PreparedManifest.Finding;
import dev.zone.datasets.registry.Grants.Right;
import dev.zone.datasets.registry.RegisteredDataset;
import dev.zone.datasets.registry.Registry;
import dev.zone.datasets.registry.Version;
import dev.zone.datasets.registry.VersionCopy;
import dev.zone.datasets.registry.VersionFindings;
import dev.zone.datasets.registry.VersionSource;
import dev.zone.datasets.storage.Storage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The version of a registry's dataset that a job trains on.
 *
 * @param descriptor with the version's files, each with its digest
 * @param folder the dataset's, or a copy of it, which the files' paths are below
 * @param findings what the registry knows of the version that may mislead
 */
record RegisteredData(
    Bound<DatasetSpec> descriptor, Path folder, List<PlanSpec.FindingSpec> findings) {
  /**
   * The version that a job names, or the newest.
   *
   * @param where the place in the job file that names the dataset
   * @param problems receives why a version that the job names cannot be had
   * @return empty if the registry does not have the dataset, or it was never fed
   */
  static Optional<RegisteredData> find(
      DatasetName name, RegistryPlace place, String where, Problems problems) {
    try (Storage storage = place.open()) {
      Registry registry = new Registry(storage);
      if (name.version().isEmpty() && !registry.has(name)) {
        return Optional.empty();
      }
      RegisteredDataset dataset = registry.open(name);
      dataset.grants().require(Right.READ, place.who());
      Optional<Version> version = dataset.named(name);
      return version.map(one -> of(dataset, one, place));
    } catch (ZoneException e) {
      problems.add(where, e.getMessage());
      return Optional.empty();
    } catch (IOException e) {
      throw ZoneException.environment("Cannot close the registry: " + e.getMessage(), e);
    }
  }

  private static RegisteredData of(
      RegisteredDataset dataset, Version version, RegistryPlace place) {
    Path folder =
        place
            .mounted()
            .map(root -> root.resolve(dataset.name().path()))
            .orElseGet(
                () -> {
                  Path copies = place.copies().resolve(dataset.name().path());
                  VersionCopy.to(copies, dataset, version);
                  return copies;
                });
    DatasetSpec fed = dataset.spec();
    DatasetSpec spec = VersionSource.of(fed, version);
    return new RegisteredData(
        new Bound<>(spec, Locations.unknown(dataset.folder().place("dataset.yaml"))),
        folder,
        findings(dataset, fed, version));
  }

  /** Each with the version before it: what is told of a job's examples stands beside. */
  private static List<PlanSpec.FindingSpec> findings(
      RegisteredDataset dataset, DatasetSpec fed, Version version) {
    String name = "%s@%d: ".formatted(dataset.name(), version.number());
    return VersionFindings.of(dataset, fed, version).stream()
        .map(
            finding ->
                new PlanSpec.FindingSpec(
                    finding.check(),
                    finding.severity() == Finding.Severity.WARNING,
                    name + finding.message()))
        .toList();
  }
}
