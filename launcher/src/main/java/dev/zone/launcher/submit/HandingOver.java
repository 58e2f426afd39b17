package dev.zone.launcher.submit;

import com.google.gson.JsonObject;
import dev.zone.conf.error.ZoneException;
import dev.zone.launcher.bundle.Distribution;
import dev.zone.launcher.submit.Cluster.Phase;
import dev.zone.launcher.submit.Cluster.Standing;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Spark's own submission to a cluster, in a process of its own that goes on when the command is
 * over. What it says is kept in a file on this machine for whoever asks why nothing came of it.
 */
final class HandingOver {
  private static final int MOST_LOG_BYTES = 1 << 20;

  /** What the cluster knows by which was handed over, in a handle. */
  static final String TAG = "tag";

  private static final String LOG = "log";
  private static final String LOG_NAME = "zone-[A-Za-z0-9._-]+\\.log";

  private final Distribution distribution;

  HandingOver(Distribution distribution) {
    this.distribution = distribution;
  }

  /**
   * Begins.
   *
   * @param name of what is handed over, which names its log
   * @param arguments of spark-submit
   * @param conf folder of Hadoop's configuration, which goes on the class path
   * @return the process, as handles have it
   */
  JsonObject begin(
      String name, List<String> arguments, Optional<String> conf, Map<String, String> environment) {
    List<String> command = new ArrayList<>(SparkCommand.java(List.of("-Xmx512m")));
    String folders = conf.map(folder -> folder + File.pathSeparator).orElse("");
    command.addAll(List.of("-cp", folders + distribution.spark().resolve("jars") + "/*"));
    command.add(SparkCommand.SUBMIT);
    command.addAll(arguments);
    try {
      Path log = Files.createTempFile(name + "-", ".log");
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
              .redirectErrorStream(true)
              .redirectOutput(log.toFile());
      builder.environment().put("SPARK_HOME", distribution.spark().toString());
      builder.environment().put("SPARK_SCALA_VERSION", "2.13");
      builder
          .environment()
          .putIfAbsent("SPARK_CONF_DIR", distribution.home().resolve("conf").toString());
      builder.environment().putAll(environment);
      JsonObject handle = Processes.handle(builder.start());
      handle.addProperty(LOG, log.getFileName().toString());
      return handle;
    } catch (IOException e) {
      throw ZoneException.environment("Cannot start Spark's submission: " + e.getMessage(), e);
    }
  }

  /** How something stands that the cluster does not know. */
  Standing standing(JsonObject handle) {
    if (!Processes.isHere(handle)) {
      return new Standing(
          Phase.UNKNOWN, "the cluster does not know it; it was submitted on another machine");
    }
    if (Processes.find(handle).isPresent()) {
      return new Standing(Phase.WAITING, "it is being handed to the cluster");
    }
    return new Standing(
        Phase.ENDED,
        "the cluster did not get it: "
            + lastCause(handle).orElse("Spark's submission said nothing"));
  }

  /** Ends the submission, if it goes on. */
  void stop(JsonObject handle) {
    Processes.find(handle).ifPresent(Processes::end);
  }

  private static Optional<String> lastCause(JsonObject handle) {
    String name = handle.has(LOG) ? handle.get(LOG).getAsString() : "";
    // Whoever writes the storage writes handles too: only a file of ours is read.
    if (!name.matches(LOG_NAME)) {
      return Optional.empty();
    }
    Path log = Path.of(System.getProperty("java.io.tmpdir"), name);
    if (!Files.isRegularFile(log) || log.toFile().length() > MOST_LOG_BYTES) {
      return Optional.empty();
    }
    try {
      List<String> lines = Files.readAllLines(log);
      return last(lines.stream().filter(HandingOver::isCause))
          .or(() -> last(lines.stream()))
          .map(String::strip);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static boolean isCause(String line) {
    return !line.startsWith("\tat") && (line.contains("Exception") || line.contains("Error"));
  }

  private static Optional<String> last(Stream<String> lines) {
    return lines.reduce((first, second) -> second);
  }
}
