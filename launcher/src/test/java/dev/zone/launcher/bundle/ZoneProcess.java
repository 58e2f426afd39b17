package dev.zone.launcher.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The assembled distribution's {@code zone}, as a process. */
public final class ZoneProcess {
  private final Path distribution = Path.of(System.getProperty("zone.distribution"));
  private final Path folder;

  /**
   * @param folder for runs and for what the process prints
   */
  public ZoneProcess(Path folder) {
    this.folder = folder;
  }

  /** How a command ended. */
  public record Ended(int exitCode, String out, String err) {
    /** The object that {@code -o json} prints. */
    public JsonObject json() {
      assertThat(exitCode).as("%s%n%s", out, err).isZero();
      assertThat(out.lines()).hasSize(1);
      return JsonParser.parseString(out).getAsJsonObject();
    }
  }

  public Path distribution() {
    return distribution;
  }

  /** Runs the command to its end. */
  public Ended run(Duration limit, List<String> arguments)
      throws IOException, InterruptedException {
    return run(distribution.resolve("bin/zone"), folder, limit, arguments);
  }

  /** The same through another script, from another folder. */
  Ended run(Path script, Path from, Duration limit, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(script.toString()));
    command.addAll(arguments);
    Path out = Files.createTempFile(folder, "out", ".txt");
    Path err = Files.createTempFile(folder, "err", ".txt");
    Process process =
        new ProcessBuilder(command)
            .directory(from.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    try {
      assertThat(process.waitFor(limit.toSeconds(), TimeUnit.SECONDS))
          .as("%s ends within %s", arguments, limit)
          .isTrue();
    } finally {
      process.destroyForcibly();
    }
    Ended ended =
        new Ended(
            process.exitValue(),
            Files.readString(out, StandardCharsets.UTF_8),
            Files.readString(err, StandardCharsets.UTF_8));
    Files.delete(out);
    Files.delete(err);
    return ended;
  }
}
