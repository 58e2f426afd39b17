package dev.zone.launcher.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What a factory engineer does with the registry of datasets. */
@Command(
    name = "dataset",
    description = "Makes, feeds, shows, compares and verifies datasets of a registry.",
    synopsisSubcommandLabel = "COMMAND")
final class DatasetCommand implements Runnable {
  private final Context context;
  @Spec private CommandSpec spec;

  DatasetCommand(Context context) {
    this.context = context;
  }

  @Override
  public void run() {
    spec.commandLine().usage(context.terminal().out());
  }

  /** With its subcommands. */
  static CommandLine with(Context context) {
    return new CommandLine(new DatasetCommand(context))
        .addSubcommand(new DatasetCreateCommand(context))
        .addSubcommand(new DatasetFeedCommand(context))
        .addSubcommand(new DatasetPullCommand(context))
        .addSubcommand(new DatasetListCommand(context))
        .addSubcommand(new DatasetDescribeCommand(context))
        .addSubcommand(new DatasetQuarantineCommand(context))
        .addSubcommand(new DatasetDiffCommand(context))
        .addSubcommand(new DatasetVerifyCommand(context))
        .addSubcommand(new DatasetExportCommand(context))
        .addSubcommand(new DatasetGrantCommand(context))
        .addSubcommand(new DatasetRevokeCommand(context))
        .addSubcommand(new DatasetLogCommand(context));
  }
}
