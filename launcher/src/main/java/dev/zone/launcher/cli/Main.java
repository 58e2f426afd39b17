package dev.zone.launcher.cli;

import dev.zone.launcher.bundle.Distribution;
import dev.zone.launcher.submit.SparkCommand;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
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
    int code = command(context, arguments.length == 0 ? "" : arguments[0]).execute(arguments);
    endSelectors();
    System.exit(code);
  }

  /**
   * Ends the selector threads of the JDK's HTTP clients, which Java 17 cannot close: the JVM's exit
   * waits 300 ms for threads that are in native code. They heed an interrupt.
   */
  private static void endSelectors() {
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().startsWith("HttpClient-")
          && thread.getName().endsWith("-SelectorManager")) {
        thread.interrupt();
      }
    }
  }

  /** All commands on one context. Their exit codes are {@code ErrorKind}'s. */
  static CommandLine command(Context context) {
    return command(context, "");
  }

  /**
   * The commands that arguments may mean. To prepare all of them takes longer than most take to
   * answer, so where the first argument is a command's name there is that command alone.
   *
   * @param first of the arguments
   */
  static CommandLine command(Context context, String first) {
    Map<String, Supplier<Object>> commands = commands(context);
    CommandLine zone = new CommandLine(new ZoneCommand(context));
    if (commands.containsKey(first)) {
      zone.addSubcommand(commands.get(first).get());
    } else {
      commands.values().forEach(command -> zone.addSubcommand(command.get()));
      zone.addSubcommand(new CompletionCommand(context))
          .addSubcommand(new SelfCheckCommand(context))
          .addSubcommand(new CommandLine.HelpCommand());
    }
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

  /** Those that know of no other, by name, in the order in which the help shows them. */
  private static Map<String, Supplier<Object>> commands(Context context) {
    Map<String, Supplier<Object>> commands = new LinkedHashMap<>();
    commands.put("run", () -> new RunCommand(context));
    commands.put("resume", () -> new ResumeCommand(context));
    commands.put("validate", () -> new ValidateCommand(context));
    commands.put("package", () -> new PackageCommand(context));
    commands.put("submit", () -> new SubmitCommand(context));
    commands.put("status", () -> new StatusCommand(context));
    commands.put("list", () -> new ListCommand(context));
    commands.put("logs", () -> new LogsCommand(context));
    commands.put("wait", () -> new WaitCommand(context));
    commands.put("cancel", () -> new CancelCommand(context));
    commands.put("retry", () -> new RetryCommand(context));
    commands.put("explain", () -> new ExplainCommand(context));
    commands.put("conf", () -> ConfCommand.with(context));
    commands.put("dataset", () -> DatasetCommand.with(context));
    commands.put("gpus", () -> new GpusCommand(context));
    commands.put("version", () -> new VersionCommand(context));
    return commands;
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
