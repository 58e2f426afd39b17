package dev.zone.datasets.prepare;

import dev.zone.conf.DatasetSpec;
import dev.zone.conf.JobSpec;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What is to be prepared.
 *
 * @param dataFolder the dataset's files; empty for generated data
 * @param cache folder that keeps prepared examples by key
 * @param plannedDigest the dataset's digest when the job was planned; other data are then refused
 */
public record PreparationRequest(
    JobSpec job,
    DatasetSpec dataset,
    Optional<Path> dataFolder,
    Path cache,
    Portion portion,
    Optional<String> plannedDigest) {}
