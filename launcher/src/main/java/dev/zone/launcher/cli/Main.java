package dev.zone.launcher.cli;

import dev.zone.launcher.bundle.Distribution;
import dev.zone.launcher.submit.SparkCommand;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** The {@code zone} command's process. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    Context context =
        new Context(
            Terminal.ofThisProcess(),
            Distribution::ofThisJvm,
            Path.of("").toAbsolutePath(),
            System.getenv(),
            Clock.systemDefaultZone(),
            new SparkCommand());
    System.exit(command(context).execute(arguments));
  }

  /** All commands on one context. Their exit codes are {@code ErrorKind}'s. */
  static CommandLine command(Context context) {
    CommandLine zone =
        new CommandLine(new ZoneCommand(context))
            .addSubcommand(new RunCommand(context))
            .addSubcommand(new ResumeCommand(context))
            .addSubcommand(new ValidateCommand(context))
            .addSubcommand(new PackageCommand(context))
            .addSubcommand(new SubmitCommand(context))
            .addSubcommand(new StatusCommand(context))
            .addSubcommand(new ListCommand(context))
            .addSubcommand(new LogsCommand(context))
            .addSubcommand(new WaitCommand(context))
            .addSubcommand(new CancelCommand(context))
            .addSubcommand(new RetryCommand(context))
            .addSubcommand(new ExplainCommand(context))
            .addSubcommand(ConfCommand.with(context))
            .addSubcommand(new GpusCommand(context))
            .addSubcommand(new VersionCommand(context))
            .addSubcommand(new CompletionCommand(context))
            .addSubcommand(new SelfCheckCommand(context))
            .addSubcommand(new CommandLine.HelpCommand());
    everybodyTries(zone, new VersionCommand(context));
    Failures failures = new Failures(context.terminal(), context.folder());
    zone.setOut(writer(context.terminal().out()));
    zone.setErr(writer(context.terminal().err()));
    zone.setParameterExceptionHandler(failures::wrongArguments);
    zone.setExecutionExceptionHandler(failures::failed);
    zone.setCaseInsensitiveEnumValuesAllowed(true);
    zone.setUsageHelpWidth(Math.min(Math.max(context.terminal().columns(), 60), 100));
    zone.setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
    return zone;
  }

  /** Options that people know from other commands: {@code --help} everywhere, {@code --version}. */
  private static void everybodyTries(CommandLine zone, VersionCommand version) {
    OptionSpec.Builder help =
        OptionSpec.builder("-h", "--help").usageHelp(true).description("Shows this help.");
    zone.getCommandSpec()
        .versionProvider(version)
        .addOption(help.build())
        .addOption(
            OptionSpec.builder("--version")
                .versionHelp(true)
                .description("As the command version.")
                .build());
    addHelp(zone, help);
  }

  private static void addHelp(CommandLine above, OptionSpec.Builder help) {
    for (CommandLine command : above.getSubcommands().values()) {
      if (!(command.getCommand() instanceof CommandLine.HelpCommand)) {
        command.getCommandSpec().addOption(help.build());
        addHelp(command, help);
      }
    }
  }

  /** Help is plain ASCII, which every character set of a terminal has. */
  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.US_ASCII), true);
  }
}
