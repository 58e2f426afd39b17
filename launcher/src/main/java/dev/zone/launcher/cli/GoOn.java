package dev.zone.launcher.cli;

import java.nio.file.Path;
import java.util.regex.Pattern;

/** The command that goes on with a run. */
final class GoOn {
  /** Its key in {@code -o json}. */
  static final String KEY = "resume";

  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./@%+=:,-]+");

  private GoOn() {}

  /**
   * As a user types it.
   *
   * @param run the run's folder
   * @param here the folder that the command is typed in
   */
  static String command(Path run, Path here) {
    Path runs = run.toAbsolutePath().normalize().getParent();
    Path from = here.toAbsolutePath().normalize();
    String command = "zone resume " + quoted(run.getFileName().toString());
    if (runs.equals(from.resolve("runs"))) {
      return command;
    }
    Path shown = runs.startsWith(from) && !runs.equals(from) ? from.relativize(runs) : runs;
    return command + " --runs " + quoted(shown.toString());
  }

  /** For people. */
  static String words(String command) {
    return "zone: go on with: " + command;
  }

  private static String quoted(String argument) {
    return PLAIN.matcher(argument).matches()
        ? argument
        : "'" + argument.replace("'", "'\\''") + "'";
  }
}
