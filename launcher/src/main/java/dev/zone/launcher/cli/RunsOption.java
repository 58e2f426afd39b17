package dev.zone.launcher.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Where runs are. */
final class RunsOption {
  @Option(
      names = "--runs",
      paramLabel = "DIR",
      description = "Folder of the runs' records. Default: runs.")
  private Path runs = Path.of("runs");

  /** As the user names it. */
  Path folder() {
    return runs;
  }
}
