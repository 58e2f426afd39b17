package dev.zone.launcher.plan;

import dev.zone.conf.PlanSpec;
import dev.zone.launcher.zones.Centre;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A plan, and what belongs to it outside.
 *
 * @param modelFile to be copied into the run's folder as {@link PlanSpec#modelFile()}
 * @param start whose model is to be copied there too
 * @param centre that it is for; empty for this machine, or a master that the user named
 */
public record Planned(
    PlanSpec plan,
    Optional<Path> modelFile,
    Optional<StartFile> start,
    Master master,
    Optional<Centre> centre) {

  /** The same with another plan. */
  public Planned with(PlanSpec other) {
    return new Planned(other, modelFile, start, master, centre);
  }
}
