package dev.zone.launcher.cli;

import picocli.CommandLine.Option;

/** How a command says what came out. */
final class OutputOptions {
  @Option(
      names = {"-o", "--output"},
      paramLabel = "text|json",
      description = "For people, or one JSON object.")
  private OutputForm output = OutputForm.TEXT;

  @Option(names = "--debug", description = "Shows traces of failures.")
  private boolean debug;

  enum OutputForm {
    TEXT,
    JSON
  }

  boolean isJson() {
    return output == OutputForm.JSON;
  }

  boolean isDebug() {
    return debug;
  }
}
