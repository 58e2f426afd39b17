package dev.zone.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/** Steps that a peer printed, as {@link dev.zone.bench.contest.Progress} writes them. */
record PrintedSteps(Path output) implements StepSource {
  @Override
  public List<Point> steps() throws IOException {
    try (Stream<String> lines = Files.lines(output)) {
      return lines
          .map(line -> line.split(" "))
          .filter(words -> words.length == 3 && words[0].equals("step"))
          .map(words -> new Point(Double.parseDouble(words[2]), Double.parseDouble(words[1])))
          .toList();
    }
  }

  @Override
  public OptionalDouble loss() throws IOException {
    try (Stream<String> lines = Files.lines(output)) {
      return lines
          .filter(line -> line.startsWith("loss "))
          .mapToDouble(line -> Double.parseDouble(line.substring(5)))
          .findFirst();
    }
  }
}
