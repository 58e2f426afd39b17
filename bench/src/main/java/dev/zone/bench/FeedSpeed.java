package dev.zone.bench;

import de.siegmar.fastcsv.reader.CsvReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * How fast a feed takes delimited text, and with how much memory: against copying the file, against
 * one thread of the CSV library that only finds the fields, and on Spark with two places here.
 */
public final class FeedSpeed {
  private static final int ROUNDS = 3;

  /** From here on one round says enough. */
  private static final double LARGE = 5000;

  private static final double MEGA = 1e6;
  private static final int DIFFERENT_ROWS = 20_000;
  private static final String NAME = "manufacturing/presses";
  private static final String DESCRIPTOR =
      """
      name: manufacturing/presses
      title: What presses do
      source: {format: delimited, files: [{path: '*.csv'}]}
      columns:
        machine: {role: identifier}
        time: {role: time}
        torque: {unit: Nm, range: [0, 120], missing: false}
        speed: {range: [0, 4000]}
        temperature: {}
        pressure: {}
        current: {}
        vibration: {range: [0, 10]}
        state: {type: category, role: label, classes: {good: good, worn: worn}}
      licence: none stated
      citation: none
      """;

  private FeedSpeed() {}

  /** What a contestant took. */
  private record Taken(double seconds, long peakBytes) {}

  private interface Contestant {
    Taken run() throws Exception;
  }

  /**
   * @param arguments the repository, and the file's size in MB (1000)
   */
  public static void main(String[] arguments) throws Exception {
    Path root = Path.of(arguments[0]);
    long bytes = (arguments.length > 1 ? Long.parseLong(arguments[1]) : 1000) * (long) MEGA;
    Path folder = Files.createTempDirectory(root.resolve("bench/target"), "feed");
    try {
      Path file = folder.resolve("presses.csv");
      write(file, bytes);
      Files.writeString(folder.resolve("presses.yaml"), DESCRIPTOR);
      measure(root, folder, file);
    } finally {
      delete(folder);
    }
  }

  private static void measure(Path root, Path folder, Path file) throws Exception {
    double megabytes = Files.size(file) / MEGA;
    Map<String, Contestant> contestants = new LinkedHashMap<>();
    contestants.put("copy the file", () -> copy(file, folder.resolve("copy")));
    contestants.put("find the fields, 1 thread of FastCSV", () -> fields(file));
    contestants.put("zone dataset feed --dry-run", () -> feed(root, folder, file, "--dry-run"));
    contestants.put("zone dataset feed", () -> feed(root, folder, file));
    contestants.put(
        "zone dataset feed --master local[2]",
        () -> feed(root, folder, file, "--master", "local[2]", "--spark-from", "1"));
    Map<String, List<Taken>> all = new LinkedHashMap<>();
    int rounds = megabytes < LARGE ? ROUNDS : 1;
    for (int round = 0; round < rounds; round++) {
      for (Map.Entry<String, Contestant> each : contestants.entrySet()) {
        all.computeIfAbsent(each.getKey(), none -> new ArrayList<>()).add(each.getValue().run());
      }
    }
    double copy = median(all.get("copy the file"));
    System.out.printf(
        Locale.ROOT,
        "%.0f MB of CSV, %d cores, medians of %d rounds%n",
        megabytes,
        Runtime.getRuntime().availableProcessors(),
        rounds);
    all.forEach(
        (name, taken) ->
            System.out.printf(
                Locale.ROOT,
                "%-38s %7.2f s  %7.1f MB/s  %5.1f times the copy's time  %s%n",
                name,
                median(taken),
                megabytes / median(taken),
                median(taken) / copy,
                peak(taken)));
  }

  private static double median(List<Taken> taken) {
    return taken.stream()
        .mapToDouble(Taken::seconds)
        .sorted()
        .skip(taken.size() / 2)
        .findFirst()
        .orElseThrow();
  }

  private static String peak(List<Taken> taken) {
    long peak = taken.stream().mapToLong(Taken::peakBytes).max().orElse(0);
    return peak == 0 ? "" : String.format(Locale.ROOT, "at most %.0f MiB", peak / 1024.0 / 1024);
  }

  private static void write(Path file, long bytes) throws IOException {
    Random random = new Random(1);
    String[] rows = new String[DIFFERENT_ROWS];
    for (int i = 0; i < rows.length; i++) {
      rows[i] =
          String.format(
              Locale.ROOT,
              ",%.3f,%.2f,%.2f,%.1f,%.4f,%.5f,%s%n",
              Math.min(119, Math.max(1, 60 + 10 * random.nextGaussian())),
              1500 + 100 * random.nextGaussian(),
              70 + 5 * random.nextGaussian(),
              1013 + 5 * random.nextGaussian(),
              12 + 2 * random.nextGaussian(),
              Math.abs(random.nextGaussian()) / 10,
              random.nextInt(3) == 0 ? "worn" : "good");
    }
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      String header = "machine,time,torque,speed,temperature,pressure,current,vibration,state\n";
      out.write(header);
      long written = header.length();
      for (long i = 0; written < bytes; i++) {
        String start = i % 40 + "," + (1_700_000_000L + i);
        String row = rows[(int) (i % rows.length)];
        out.write(start);
        out.write(row);
        written += start.length() + row.length();
      }
    }
  }

  private static Taken copy(Path file, Path to) throws IOException {
    long start = System.nanoTime();
    Files.copy(file, to);
    double seconds = (System.nanoTime() - start) / 1e9;
    Files.delete(to);
    return new Taken(seconds, 0);
  }

  private static Taken fields(Path file) throws IOException {
    long start = System.nanoTime();
    long[] count = new long[1];
    try (var csv = CsvReader.builder().ofCsvRecord(file)) {
      csv.forEach(each -> count[0] += each.getFieldCount());
    }
    if (count[0] == 0) {
      throw new IllegalStateException("no fields");
    }
    return new Taken((System.nanoTime() - start) / 1e9, 0);
  }

  private static Taken feed(Path root, Path folder, Path file, String... more) throws Exception {
    Path registry = folder.resolve("registry");
    delete(registry);
    zone(
        root,
        "dataset",
        "create",
        folder.resolve("presses.yaml").toString(),
        "--registry",
        registry.toString());
    List<String> command =
        new ArrayList<>(
            List.of("dataset", "feed", NAME, file.toString(), "--registry", registry.toString()));
    command.addAll(List.of(more));
    return zone(root, command.toArray(String[]::new));
  }

  private static Taken zone(Path root, String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(root.resolve("launcher/target/zone/bin/zone").toString());
    command.addAll(List.of(arguments));
    long start = System.nanoTime();
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    long peak = 0;
    while (!process.waitFor(20, TimeUnit.MILLISECONDS)) {
      peak = Math.max(peak, peakBytes(process.pid()));
    }
    if (process.exitValue() != 0) {
      throw new IllegalStateException("zone ended with " + process.exitValue());
    }
    return new Taken((System.nanoTime() - start) / 1e9, peak);
  }

  /** The most memory that the process had so far; 0 where nobody says. */
  private static long peakBytes(long process) {
    try (Stream<String> lines = Files.lines(Path.of("/proc/" + process + "/status"))) {
      return lines
          .filter(line -> line.startsWith("VmHWM:"))
          .map(line -> line.replaceAll("\\D+", ""))
          .mapToLong(kib -> Long.parseLong(kib) * 1024)
          .findFirst()
          .orElse(0);
    } catch (IOException | java.io.UncheckedIOException e) {
      return 0;
    }
  }

  private static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> all = Files.walk(folder)) {
        for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(each);
        }
      }
    }
  }
}
