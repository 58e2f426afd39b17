package dev.zone.launcher.plan;

import dev.zone.conf.PlanSpec;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A plan, and what belongs to it outside.
 *
 * @param modelFile to be copied into the run's folder as {@link PlanSpec#modelFile()}
 */
public record Planned(PlanSpec plan, Optional<Path> modelFile, Master master) {}
