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
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/** The assembled distribution's {@code zone}, as a process. */
public final class ZoneProcess {
  private static final Duration LIMIT = Duration.ofMinutes(5);

  private final Path distribution = Path.of(System.getProperty("zone.distribution"));
  private final Path folder;
  private final Map<String, String> environment;

  /**
   * @param folder for runs and for what the process prints
   */
  public ZoneProcess(Path folder) {
    this(folder, Map.of());
  }

  /**
   * @param environment over this process's
   */
  public ZoneProcess(Path folder, Map<String, String> environment) {
    this.folder = folder;
    this.environment = environment;
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

  /** The shipped job that needs no data. */
  public String demo() {
    return distribution.resolve("jobs/chip/demo.yaml").toString();
  }

  /**
   * Trains the demo in a process here.
   *
   * @param settings what is set otherwise, each as {@code --set} has it
   * @return what the command says
   */
  public JsonObject trainedHere(String... settings) throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>(List.of("run", demo(), "-o", "json"));
    for (String setting : settings) {
      arguments.addAll(List.of("--set", setting));
    }
    return run(LIMIT, arguments).json();
  }

  /** Runs the command to its end, which comes within three minutes. */
  public Ended run(String... arguments) throws IOException, InterruptedException {
    return run(LIMIT, List.of(arguments));
  }

  /** Prints how long a command takes that somebody waits for, and how it ended. */
  public Ended timed(String what, String... arguments) throws IOException, InterruptedException {
    long began = System.nanoTime();
    Ended ended = run(arguments);
    System.out.printf(
        "%s: %d ms%n", what, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began));
    return ended;
  }

  /** What {@code zone status} says of a run. */
  public JsonObject status(String run) throws IOException, InterruptedException {
    return run("status", run, "-o", "json").json();
  }

  /**
   * Waits until a run's status is as it is to be.
   *
   * @param what that is, for people
   */
  public void await(String run, String what, Predicate<JsonObject> condition)
      throws IOException, InterruptedException {
    long until = System.nanoTime() + LIMIT.toNanos();
    JsonObject status = status(run);
    while (!condition.test(status)) {
      assertThat(System.nanoTime()).as("%s of %s", what, status).isLessThan(until);
      // Each look is a JVM, which takes from the run's own cores.
      LockSupport.parkNanos(200_000_000L);
      status = status(run);
    }
  }

  /** Runs the command to its end. */
  public Ended run(Duration limit, List<String> arguments)
      throws IOException, InterruptedException {
    return run(distribution.resolve("bin/zone"), folder, limit, arguments);
  }

  /** The same through another script, from another folder. */
  Ended run(Path script, Path from, Duration limit, List<String> arguments)
      throws IOException, InterruptedException {
    try (Begun begun = start(script, from, arguments)) {
      return begun.end(limit);
    }
  }

  /** Starts the command, to be ended by the caller. */
  public Begun start(List<String> arguments) throws IOException {
    return start(distribution.resolve("bin/zone"), folder, arguments);
  }

  private Begun start(Path script, Path from, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(script.toString()));
    command.addAll(arguments);
    Path out = Files.createTempFile(folder, "out", ".txt");
    Path err = Files.createTempFile(folder, "err", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(from.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().putAll(environment);
    return new Begun(builder.start(), out, err);
  }

  /** A command that goes on. */
  public record Begun(Process process, Path out, Path err) implements AutoCloseable {
    /** Waits for its end. */
    public Ended end(Duration limit) throws IOException, InterruptedException {
      assertThat(process.waitFor(limit.toSeconds(), TimeUnit.SECONDS))
          .as("ends within %s", limit)
          .isTrue();
      Ended ended =
          new Ended(
              process.exitValue(),
              Files.readString(out, StandardCharsets.UTF_8),
              Files.readString(err, StandardCharsets.UTF_8));
      Files.delete(out);
      Files.delete(err);
      return ended;
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }
}
