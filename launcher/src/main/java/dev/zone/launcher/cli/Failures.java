package dev.zone.launcher.cli;

import com.google.gson.JsonObject;
import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.Names;
import dev.zone.conf.error.ZoneException;
import dev.zone.launcher.submit.ApplicationFailure;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says failures to people, and what the process ends with. */
final class Failures {
  private final Terminal terminal;
  private final Path here;

  /**
   * @param here the folder that commands are typed in
   */
  Failures(Terminal terminal, Path here) {
    this.terminal = terminal;
    this.here = here;
  }

  /** Arguments that are no command of ours. */
  int wrongArguments(ParameterException e, String[] arguments) {
    PrintStream err = terminal.err();
    String message = message(e);
    err.println("zone: " + message);
    CommandLine command = e.getCommandLine();
    String path = command.getCommandSpec().qualifiedName();
    err.println("zone: 'zone help" + path.substring("zone".length()) + "' says what there is");
    if (Stream.of(arguments).anyMatch("json"::equals)) {
      terminal.out().println(json(ErrorKind.USER, message, Optional.empty()));
    }
    return ErrorKind.USER.exitCode();
  }

  /** In our words where an option's value has the wrong type, which picocli says in Java's. */
  private static String message(ParameterException e) {
    if (e.getArgSpec() instanceof OptionSpec option && e.getValue() != null) {
      String expected = option.typeInfo().isOptional() ? "a whole number" : option.paramLabel();
      return "Cannot use %s: %s (expected %s)"
          .formatted(option.longestName(), e.getValue(), expected.replace("|", " or "));
    }
    return e.getMessage() + meant(e);
  }

  /** The command or option that was meant. */
  private static String meant(ParameterException e) {
    if (!(e instanceof UnmatchedArgumentException unmatched)) {
      return "";
    }
    CommandSpec spec = e.getCommandLine().getCommandSpec();
    List<String> names = new ArrayList<>(spec.optionsMap().keySet());
    spec.subcommands()
        .forEach(
            (name, command) -> {
              if (!command.getCommandSpec().usageMessage().hidden()) {
                names.add(name);
              }
            });
    return Names.suggestion(unmatched.getUnmatched().get(0), names);
  }

  /** A command failed. */
  int failed(Exception e, CommandLine command, ParseResult parsed) {
    ErrorKind kind = e instanceof ZoneException known ? known.kind() : ErrorKind.INTERNAL;
    String message =
        e instanceof ZoneException
            ? e.getMessage()
            : "A fault of Zone: " + e + " (--debug shows where; please report it)";
    message.lines().forEach(line -> terminal.err().println("zone: " + line));
    Optional<Path> run = e instanceof ApplicationFailure failure ? failure.run() : Optional.empty();
    run.ifPresent(
        path -> terminal.err().println("zone: the run's record is at " + ResultText.shown(path)));
    // A mistake of the job or of ours would strike again; 'zone resume' takes such runs all the
    // same, for those who know that it was mended.
    Optional<String> goOn =
        run.filter(path -> kind.isRetryable()).map(path -> GoOn.command(path, here));
    goOn.ifPresent(typed -> terminal.err().println(GoOn.words(typed)));
    ParseResult inner = parsed;
    while (inner.hasSubcommand()) {
      inner = inner.subcommand();
    }
    if (inner.matchedOptionValue("--debug", false)) {
      terminal.err().print(trace(e));
    }
    if (inner.matchedOptionValue("--output", OutputOptions.OutputForm.TEXT)
        == OutputOptions.OutputForm.JSON) {
      JsonObject json = json(kind, message, run);
      goOn.ifPresent(typed -> json.addProperty(GoOn.KEY, typed));
      terminal.out().println(json);
    }
    return kind.exitCode();
  }

  private static String trace(Exception e) {
    StringWriter text = new StringWriter();
    if (e instanceof ApplicationFailure failure && !failure.trace().isBlank()) {
      text.append(failure.trace().strip()).append('\n');
    } else {
      e.printStackTrace(new PrintWriter(text, true));
    }
    return text.toString();
  }

  private static JsonObject json(ErrorKind kind, String message, Optional<Path> run) {
    JsonObject error = new JsonObject();
    error.addProperty("kind", kind.name());
    error.addProperty("message", message);
    JsonObject json = new JsonObject();
    run.ifPresent(path -> json.addProperty("run", String.valueOf(path.getFileName())));
    run.ifPresent(path -> json.addProperty("dir", path.toString()));
    json.addProperty("state", kind == ErrorKind.CANCELLED ? "CANCELLED" : "FAILED");
    json.add("error", error);
    return json;
  }
}
