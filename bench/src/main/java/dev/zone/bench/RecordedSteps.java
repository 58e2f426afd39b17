package dev.zone.bench;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * Steps of a run of Zone, from its record. Its lines count seconds from the training's begin; when
 * that was is known from when the lines appeared, of which the promptest counts.
 */
final class RecordedSteps implements StepSource {
  private final Path runs;
  private final List<Point> seconds = new ArrayList<>();
  private Optional<Path> run = Optional.empty();
  private long read;
  private double begin = Double.POSITIVE_INFINITY;

  /**
   * @param runs the folder that the run, and no other, will be in
   */
  RecordedSteps(Path runs) {
    this.runs = runs;
  }

  @Override
  public void poll() throws IOException {
    if (run.isEmpty()) {
      run = find();
    }
    Path metrics = run.map(folder -> folder.resolve("metrics.jsonl")).orElse(runs);
    if (!Files.isRegularFile(metrics)) {
      return;
    }
    double now = System.currentTimeMillis();
    try (InputStream in = Files.newInputStream(metrics)) {
      in.skipNBytes(read);
      String news = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      String whole = news.substring(0, news.lastIndexOf('\n') + 1);
      read += whole.getBytes(StandardCharsets.UTF_8).length;
      whole.lines().forEach(line -> take(JsonParser.parseString(line).getAsJsonObject(), now));
    }
  }

  private Optional<Path> find() throws IOException {
    if (!Files.isDirectory(runs)) {
      return Optional.empty();
    }
    try (Stream<Path> folders = Files.list(runs)) {
      // One that begins is hidden, and gets its name before it trains.
      return folders
          .filter(Files::isDirectory)
          .filter(folder -> !folder.getFileName().toString().startsWith("."))
          .findFirst();
    }
  }

  private void take(JsonObject line, double now) {
    String type = line.get("type").getAsString();
    if (type.equals("step") || type.equals("epoch")) {
      double since = line.get("seconds").getAsDouble() * 1000;
      seconds.add(new Point(since, line.get("step").getAsDouble()));
      begin = Math.min(begin, now - since);
    }
  }

  @Override
  public List<Point> steps() throws IOException {
    poll();
    return seconds.stream().map(point -> new Point(begin + point.millis(), point.value())).toList();
  }

  @Override
  public OptionalDouble loss() throws IOException {
    JsonObject metrics = result().map(all -> all.getAsJsonObject("metrics")).orElse(null);
    JsonObject test = metrics == null ? null : metrics.getAsJsonObject("test");
    return test == null || !test.has("loss")
        ? OptionalDouble.empty()
        : OptionalDouble.of(test.get("loss").getAsDouble());
  }

  /** What the run's record says of itself in the end; empty if it did not get that far. */
  Optional<JsonObject> result() throws IOException {
    Optional<Path> file = run.map(folder -> folder.resolve("result.json"));
    return file.isPresent() && Files.isRegularFile(file.get())
        ? Optional.of(JsonParser.parseString(Files.readString(file.get())).getAsJsonObject())
        : Optional.empty();
  }
}
