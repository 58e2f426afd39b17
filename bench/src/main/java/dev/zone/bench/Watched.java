package dev.zone.bench;

import dev.zone.bench.StepSource.Point;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A process, and all that it starts, under watch: what they take of processor and memory. */
final class Watched implements AutoCloseable {
  private static final long POLL_MILLIS = 20;
  private static final long SAMPLE_NANOS = Duration.ofMillis(200).toNanos();
  private static final double KIB = 1024;

  /** Variables that would make contestants other than they are set up. */
  private static final List<String> TUNING =
      List.of("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "JAVA_TOOL_OPTIONS");

  private final Launch launch;
  private final Process process;
  private final Thread end;
  private final double startedMillis = System.currentTimeMillis();
  private final List<Point> processor = new ArrayList<>();
  private final List<Point> resident = new ArrayList<>();

  /** Of processes by their numbers, also of those that have ended. */
  private final Map<Long, Double> seconds = new TreeMap<>();

  private final Map<Long, Double> peaks = new TreeMap<>();
  private long sampled;

  private Watched(Launch launch, Process process) {
    this.launch = launch;
    this.process = process;
    this.end = new Thread(this::destroy);
  }

  /**
   * Starts the process.
   *
   * @param folder receives {@code out} and {@code err}; what is in it of an earlier measurement is
   *     deleted
   */
  static Watched start(Launch launch, Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> all = Files.walk(folder)) {
        for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(each);
        }
      }
    }
    Files.createDirectories(folder);
    ProcessBuilder builder =
        new ProcessBuilder(launch.command())
            .directory(folder.toFile())
            .redirectOutput(folder.resolve("out").toFile())
            .redirectError(folder.resolve("err").toFile());
    TUNING.forEach(builder.environment()::remove);
    builder.environment().putAll(launch.environment());
    Watched watched = new Watched(launch, builder.start());
    Runtime.getRuntime().addShutdownHook(watched.end);
    return watched;
  }

  /**
   * What a process did.
   *
   * @param startedMillis when it was started, since 1970
   * @param steps how far it was when
   * @param processor processor seconds used up to a moment
   * @param resident bytes in memory at a moment
   * @param peakBytes the most memory of each process that took part, added up
   * @param loss over the held-out examples in the end; NaN if it was not told
   */
  record Trace(
      double startedMillis,
      List<Point> steps,
      List<Point> processor,
      List<Point> resident,
      double peakBytes,
      double loss) {}

  /** Looks once; returns whether the process still runs. */
  boolean look() throws IOException, InterruptedException {
    boolean ended = process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS);
    launch.steps().poll();
    if (!ended && System.nanoTime() - sampled >= SAMPLE_NANOS) {
      sampled = System.nanoTime();
      sample();
    }
    return !ended;
  }

  /** Bytes in memory at the moments of the looks so far. */
  List<Point> resident() {
    return List.copyOf(resident);
  }

  private void sample() {
    double now = System.currentTimeMillis();
    double[] bytes = new double[1];
    Stream.concat(Stream.of(process.toHandle()), process.descendants())
        .forEach(
            each -> {
              each.info()
                  .totalCpuDuration()
                  .ifPresent(used -> seconds.put(each.pid(), used.toNanos() / 1e9));
              Map<String, Double> status = status(each.pid());
              bytes[0] += status.getOrDefault("VmRSS", 0.0);
              peaks.merge(each.pid(), status.getOrDefault("VmHWM", 0.0), Math::max);
            });
    double used = seconds.values().stream().mapToDouble(Double::doubleValue).sum();
    processor.add(new Point(now, used));
    resident.add(new Point(now, bytes[0]));
  }

  /** Sizes in bytes from the process's {@code status}; empty where it has ended. */
  private static Map<String, Double> status(long pid) {
    Map<String, Double> sizes = new TreeMap<>();
    try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
      lines
          .filter(line -> line.startsWith("VmRSS:") || line.startsWith("VmHWM:"))
          .forEach(
              line ->
                  sizes.put(
                      line.substring(0, 5),
                      Double.parseDouble(line.replaceAll("\\D+", " ").trim()) * KIB));
    } catch (IOException | UncheckedIOException e) {
      return Map.of();
    }
    return sizes;
  }

  /**
   * What the process did; after its end.
   *
   * @throws IOException if it failed, with where its words are
   */
  Trace trace(Path folder) throws IOException {
    if (process.exitValue() != 0) {
      throw new IOException(
          "a process ended with " + process.exitValue() + " (see " + folder.resolve("err") + ")");
    }
    return new Trace(
        startedMillis,
        launch.steps().steps(),
        List.copyOf(processor),
        List.copyOf(resident),
        peaks.values().stream().mapToDouble(Double::doubleValue).sum(),
        launch.steps().loss().orElse(Double.NaN));
  }

  private void destroy() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  @Override
  public void close() {
    destroy();
    try {
      Runtime.getRuntime().removeShutdownHook(end);
    } catch (IllegalStateException e) {
      // The hook runs already.
      return;
    }
  }
}
