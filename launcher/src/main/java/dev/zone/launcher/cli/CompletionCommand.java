package dev.zone.launcher.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A script that completes commands and options. */
@Command(
    name = "completion",
    description = "Prints a completion script for bash and zsh: source <(zone completion)")
final class CompletionCommand implements Callable<Integer> {
  private final Context context;
  @Spec private CommandSpec spec;

  CompletionCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    context.terminal().out().println(AutoComplete.bash("zone", spec.root().commandLine()));
    return 0;
  }
}
