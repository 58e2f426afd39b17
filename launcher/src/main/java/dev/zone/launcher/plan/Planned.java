package dev.zone.launcher.plan;

import dev.zone.conf.PlanSpec;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A plan, and what belongs to it outside.
 *
 * @param modelFile to be copied into the run's folder as {@link PlanSpec#modelFile()}
 * @param start whose model is to be copied there too
 */
public record Planned(
    PlanSpec plan, Optional<Path> modelFile, Optional<StartFile> start, Master master) {}
