package dev.zone.launcher.cli;

import dev.zone.launcher.bundle.Distribution;
import dev.zone.launcher.plan.Machine;
import dev.zone.launcher.plan.Planner;
import dev.zone.launcher.submit.ApplicationCommand;
import dev.zone.launcher.submit.Clusters;
import dev.zone.launcher.submit.Submitter;
import dev.zone.launcher.zones.ZoneFiles;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What the commands stand on.
 *
 * @param distribution looked up only by commands that need it
 * @param folder that relative paths start from
 * @param environment the process's variables
 * @param clock of run names and records
 * @param application how the application's process is started
 */
record Context(
    Terminal terminal,
    Supplier<Distribution> distribution,
    Path folder,
    Map<String, String> environment,
    Clock clock,
    ApplicationCommand application) {

  /** Plans jobs for this machine and for zones. */
  Planner planner() {
    return planner(environment);
  }

  /** The same with other variables. */
  Planner planner(Map<String, String> variables) {
    return new Planner(distribution.get(), folder, variables, clock, Machine.ofThisProcess());
  }

  /** Finds zone files. */
  ZoneFiles zoneFiles() {
    return new ZoneFiles(distribution.get(), folder, environment);
  }

  /** The clusters that drivers are handed to. */
  Clusters clusters() {
    return new Clusters(application, distribution);
  }

  /** Hands runs to centres. */
  Submitter submitter() {
    return new Submitter(distribution.get(), clusters(), environment, clock);
  }
}
