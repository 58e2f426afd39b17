package dev.zone.bench;

import dev.zone.bench.contest.Workload;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Measures cases, prints what it finds and keeps it. */
@Command(
    name = "bench/run",
    mixinStandardHelpOptions = true,
    description = "Measures, prints tables and writes bench/results/<date>.md.")
public final class Bench implements Callable<Integer> {
  private static final Map<String, Measurement> CASES = cases();

  @Parameters(
      paramLabel = "CASE",
      description = "What to measure: ${COMPLETION-CANDIDATES}; all if none is named.",
      completionCandidates = Names.class)
  private List<String> names = List.of();

  @Option(names = "--root", required = true, hidden = true, description = "The repository, built.")
  private Path root;

  @Option(
      names = "--rounds",
      defaultValue = "5",
      description = "Rounds in which contestants take turns (${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--seconds",
      defaultValue = "10",
      description =
          "For how long a usual contestant trains in a round (${DEFAULT-VALUE}); all do as many steps.")
  private double seconds;

  @Option(
      names = "--minutes",
      defaultValue = "20",
      description = "For how long the case memory trains (${DEFAULT-VALUE}).")
  private double minutes;

  @Option(
      names = "--data",
      description = "Folder of the real data, <domain>/<dataset> below, for the case jobs.")
  private Optional<Path> data = Optional.empty();

  @Option(
      names = "--only",
      split = ";",
      description = "Beginnings of the names of the contestants that take part, separated by ';'.")
  private List<String> only = List.of();

  /** Names of the cases, for the help. */
  static final class Names implements Iterable<String> {
    @Override
    public java.util.Iterator<String> iterator() {
      return CASES.keySet().iterator();
    }
  }

  private static Map<String, Measurement> cases() {
    Map<String, Measurement> cases = new LinkedHashMap<>();
    for (Workload workload : Workload.values()) {
      cases.put(workload.title(), new TrainingCase(workload));
    }
    cases.put("step", new InWorker("step", StepTime.class));
    cases.put("jobs", new ShippedJobs());
    cases.put("curves", new InWorker("curves", Curves.class));
    cases.put("allreduce", new InWorker("allreduce", AllReduceSpeed.class));
    cases.put("update", new InWorker("update", UpdateSpeed.class));
    cases.put("startup", new Startup());
    cases.put("data", new InWorker("data", DataPath.class));
    cases.put("memory", new MemoryOverTime());
    return cases;
  }

  @Override
  public Integer call() throws Exception {
    for (String name : names) {
      if (!CASES.containsKey(name)) {
        System.err.printf(
            "Cannot measure %s (expected one of %s)%n", name, String.join(", ", CASES.keySet()));
        return 2;
      }
    }
    if (rounds < 1 || !(seconds > 0) || !(minutes > 0)) {
      System.err.println(
          "Cannot measure without rounds, seconds or minutes (expected more than 0)");
      return 2;
    }
    Settings settings =
        new Settings(
            root, rounds, seconds, minutes, data.map(folder -> folder.toAbsolutePath()), only);
    Results results = new Results(root.resolve("bench/results"), LocalDate.now());
    int failed = 0;
    for (String name : names.isEmpty() ? all() : names) {
      String machine = Machine.describe();
      try {
        Section section = CASES.get(name).measure(settings);
        System.out.printf("%n## %s%n%n%s%n", name, section.text());
        System.out.println("written to " + results.write(machine, section));
      } catch (IOException | ExecutionException | RuntimeException e) {
        // The other cases are worth having.
        failed++;
        System.err.printf("Cannot measure %s: %s%n", name, e.getMessage());
      }
    }
    return failed == 0 ? 0 : 1;
  }

  /** All cases that have what they need. */
  private List<String> all() {
    List<String> all = new ArrayList<>(CASES.keySet());
    if (data.isEmpty()) {
      all.remove("jobs");
      System.err.println("left out: jobs, which needs --data DIR");
    }
    return all;
  }

  /** Measures what the arguments name. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Bench()).execute(arguments));
  }
}
