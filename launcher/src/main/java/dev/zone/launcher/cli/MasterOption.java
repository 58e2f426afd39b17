package dev.zone.launcher.cli;

import java.util.Optional;
import picocli.CommandLine.Option;

/** Where Spark runs an application that the command stays with. */
final class MasterOption {
  @Option(
      names = "--master",
      paramLabel = "URL",
      description = "Where Spark runs it: local[N] (default, N the workers) or spark://host:port.")
  private Optional<String> master = Optional.empty();

  Optional<String> url() {
    return master;
  }
}
