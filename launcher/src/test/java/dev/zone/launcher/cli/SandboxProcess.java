package dev.zone.launcher.cli;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The {@code zone} command in a process of its own, with the sandbox's application. Arguments: the
 * sandbox's folder, how the application behaves, the command's arguments.
 */
final class SandboxProcess {
  private SandboxProcess() {}

  public static void main(String[] arguments) {
    Sandbox sandbox = new Sandbox(Path.of(arguments[0]));
    Terminal terminal =
        new Terminal(
            new PrintStream(System.out, true, StandardCharsets.UTF_8),
            new PrintStream(System.err, true, StandardCharsets.UTF_8),
            false,
            false,
            100,
            System::nanoTime);
    System.exit(
        Main.command(sandbox.context(terminal, arguments[1]))
            .execute(Arrays.copyOfRange(arguments, 2, arguments.length)));
  }
}
