package dev.zone.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * Holds docs/cli.md to the command. {@code -Dtest=CliReferenceTest -Dzone.docs.update=true}
 * rewrites it.
 */
class CliReferenceTest {
  private static final String START = "<!-- generated from the command: do not edit -->\n";
  private static final String END = "<!-- end of generated -->";
  private static final Path FILE = Path.of("").toAbsolutePath().getParent().resolve("docs/cli.md");

  @TempDir private Path folder;

  @Test
  void theDocumentSaysWhatTheCommandSays() throws IOException {
    String text = Files.readString(FILE);
    int from = text.indexOf(START) + START.length();
    int to = text.indexOf(END, from);
    assertThat(text).contains(START).contains(END);
    StringBuilder generated = new StringBuilder("\n");
    PrintStream nowhere =
        new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
    Terminal terminal = new Terminal(nowhere, nowhere, false, false, 100, System::nanoTime);
    section(Main.command(new Sandbox(folder).context(terminal, "succeed")), generated);
    if (Boolean.getBoolean("zone.docs.update")) {
      Files.writeString(FILE, text.substring(0, from) + generated + text.substring(to));
    } else {
      assertThat(text.substring(from, to))
          .as("docs/cli.md; -Dzone.docs.update=true rewrites it")
          .isEqualTo(generated.toString());
    }
  }

  private static void section(CommandLine command, StringBuilder out) {
    out.append("## ").append(command.getCommandSpec().qualifiedName()).append("\n\n```\n");
    out.append(command.getUsageMessage().stripTrailing()).append("\n```\n\n");
    Set<CommandLine> below = new LinkedHashSet<>(command.getSubcommands().values());
    for (CommandLine one : below) {
      boolean shown =
          !one.getCommandSpec().usageMessage().hidden()
              && !(one.getCommand() instanceof CommandLine.HelpCommand);
      if (shown) {
        section(one, out);
      }
    }
  }
}
