package dev.zone.launcher.faults;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** A run as a process, and its folder while it grows. */
final class RunUnderTest implements AutoCloseable {
  private static final long LOOK_NANOS = 5_000_000L;

  private final Process process;
  private final Path out;
  private final Path err;
  private final Path runs;

  private RunUnderTest(Process process, Path out, Path err, Path runs) {
    this.process = process;
    this.out = out;
    this.err = err;
    this.runs = runs;
  }

  /**
   * Starts the command {@code zone}.
   *
   * @param folder of this case; its {@code runs} holds the one run
   */
  static RunUnderTest start(
      Path distribution, Path folder, Map<String, String> environment, List<String> arguments)
      throws IOException {
    Files.createDirectories(folder);
    List<String> command = new ArrayList<>(List.of(distribution.resolve("bin/zone").toString()));
    command.addAll(arguments);
    Path out = Files.createTempFile(folder, "out", ".txt");
    Path err = Files.createTempFile(folder, "err", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().putAll(environment);
    return new RunUnderTest(builder.start(), out, err, folder.resolve("runs"));
  }

  interface Condition {
    boolean holds() throws IOException, InterruptedException;
  }

  /** Waits for something to be so while the command is at work. */
  void await(String what, Condition condition) throws IOException, InterruptedException {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
    while (true) {
      // Asked before the condition, which the end may make true.
      boolean atWork = isAtWork();
      if (condition.holds()) {
        return;
      }
      if (!atWork || System.nanoTime() > until) {
        throw new IOException("Cannot wait for " + what + ":\n" + texts());
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }

  boolean isAtWork() {
    return process.isAlive();
  }

  /** The run's folder, once it is there. */
  Optional<Path> folder() throws IOException {
    if (!Files.isDirectory(runs)) {
      return Optional.empty();
    }
    try (Stream<Path> all = Files.list(runs)) {
      return all.filter(path -> !path.getFileName().toString().startsWith(".")).findFirst();
    }
  }

  /** The lines of one of the run's files of JSON lines. */
  List<JsonObject> lines(String name) throws IOException {
    Optional<Path> folder = folder();
    if (folder.isEmpty() || !Files.exists(folder.get().resolve(name))) {
      return List.of();
    }
    List<JsonObject> lines = new ArrayList<>();
    for (String line : Files.readAllLines(folder.get().resolve(name))) {
      try {
        lines.add(JsonParser.parseString(line).getAsJsonObject());
      } catch (JsonParseException | IllegalStateException e) {
        // The line is being written.
        continue;
      }
    }
    return lines;
  }

  /** The newest step that the run has told of. */
  int step() throws IOException {
    int step = -1;
    for (JsonObject line : lines("metrics.jsonl")) {
      if (line.has("step")) {
        step = line.get("step").getAsInt();
      }
    }
    return step;
  }

  /** Steps of the checkpoints that the run says are written, in that order. */
  List<Integer> checkpoints() throws IOException {
    return lines("metrics.jsonl").stream()
        .filter(line -> line.get("type").getAsString().equals("checkpoint"))
        .map(line -> line.get("step").getAsInt())
        .toList();
  }

  /** Process of a rank in an attempt. */
  long pid(int attempt, int rank) throws IOException {
    Path place =
        folder().orElseThrow().resolve("attempts/" + attempt + "/rank-" + rank + "-place.json");
    return JsonParser.parseString(Files.readString(place)).getAsJsonObject().get("pid").getAsLong();
  }

  /** The driver: what the command started. */
  ProcessHandle driver() {
    return process
        .descendants()
        .filter(child -> child.info().commandLine().orElse("").contains("SparkSubmit"))
        .findFirst()
        .orElseThrow();
  }

  /** How it ended. */
  record Ended(int exitCode, String out, String err) {
    JsonObject json() {
      return JsonParser.parseString(out.strip()).getAsJsonObject();
    }
  }

  Ended end(Duration limit) throws IOException, InterruptedException {
    if (!process.waitFor(limit.toSeconds(), TimeUnit.SECONDS)) {
      String texts = texts();
      close();
      throw new IOException("Cannot see an end within " + limit + ":\n" + texts);
    }
    return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  private String texts() throws IOException {
    String log = "";
    Optional<Path> folder = folder();
    if (folder.isPresent() && Files.exists(folder.get().resolve("logs/driver.log"))) {
      List<String> lines = Files.readAllLines(folder.get().resolve("logs/driver.log"));
      log = String.join("\n", lines.subList(Math.max(0, lines.size() - 60), lines.size()));
    }
    return Files.readString(out) + Files.readString(err) + log;
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
