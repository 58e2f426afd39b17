package dev.zone.launcher.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What an administrator asks of zone files. */
@Command(
    name = "conf",
    description = "Checks, shows and compares zone files.",
    synopsisSubcommandLabel = "COMMAND")
final class ConfCommand implements Runnable {
  private final Context context;
  @Spec private CommandSpec spec;

  ConfCommand(Context context) {
    this.context = context;
  }

  @Override
  public void run() {
    spec.commandLine().usage(context.terminal().out());
  }

  /** With its subcommands. */
  static CommandLine with(Context context) {
    return new CommandLine(new ConfCommand(context))
        .addSubcommand(new ConfCheckCommand(context))
        .addSubcommand(new ConfShowCommand(context))
        .addSubcommand(new ConfDiffCommand(context));
  }
}
