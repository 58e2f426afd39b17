package dev.zone.launcher.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The command without a subcommand: shows the help. */
@Command(
    name = "zone",
    description = "Trains Deeplearning4j models on industrial data, on Spark.",
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Exit codes: 0 done, 2 wrong input, 3 resources not available, 4 the environment failed, 70"
          + " a fault of Zone, 130 cancelled."
    })
final class ZoneCommand implements Callable<Integer> {
  private final Context context;
  @Spec private CommandSpec spec;

  ZoneCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    spec.commandLine().usage(context.terminal().out());
    return CommandLine.ExitCode.OK;
  }
}
