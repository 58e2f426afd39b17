package dev.zone.bench;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs {@link UpdateBenchmark} and {@link MemoryBenchmark} in turns and says what share of the
 * memory's speed updates reach.
 */
public final class UpdateSpeed {
  private static final int TRIAD_BYTES = 3 * Float.BYTES;

  /** Numbers that a step must read and write for each parameter: gradient, parameter, state. */
  private static final Map<String, Integer> TRAFFIC = traffic();

  private UpdateSpeed() {}

  private static Map<String, Integer> traffic() {
    Map<String, Integer> traffic = new LinkedHashMap<>();
    traffic.put("adam", 7);
    traffic.put("sgd", 3);
    traffic.put("nesterovs", 5);
    traffic.put("amsgrad", 9);
    traffic.put("adamax", 7);
    traffic.put("nadam", 7);
    traffic.put("rmsprop", 5);
    traffic.put("adagrad", 5);
    return traffic;
  }

  /**
   * @param arguments the repository, and how many iterations of a second
   */
  public static void main(String[] arguments) throws Exception {
    int iterations = Integer.parseInt(arguments[1]);
    Table table =
        new Table(
            "updater, parameters", "us a step", "GB/s needed", "the memory's GB/s", "reached");
    for (String parameters : new String[] {"100000", "1000000", "10000000", "50000000"}) {
      run(arguments[0], iterations, table, parameters, "adam");
    }
    String[] others =
        TRAFFIC.keySet().stream().filter(name -> !name.equals("adam")).toArray(String[]::new);
    run(arguments[0], iterations, table, "1000000", others);
    System.out.print(
        "Bytes needed: each number that a step reads or writes, once; JMH, "
            + iterations
            + " iterations of a second.\n\n"
            + table);
  }

  private static void run(
      String root, int iterations, Table table, String parameters, String... updaters)
      throws Exception {
    double count = Double.parseDouble(parameters);
    ChainedOptionsBuilder triad = options(root, iterations, parameters);
    double memory =
        TRIAD_BYTES * count / nanos(triad.include(MemoryBenchmark.class.getName()), "the memory");
    for (String updater : updaters) {
      ChainedOptionsBuilder step = options(root, iterations, parameters).param("updater", updater);
      double nanos = nanos(step.include(UpdateBenchmark.class.getName()), updater);
      double needed = TRAFFIC.get(updater) * Float.BYTES * count / nanos;
      table.row(
          updater + ", " + Spread.number("%,.0f", count),
          Spread.number("%,.0f", nanos / 1000),
          Spread.number("%.2f", needed),
          Spread.number("%.2f", memory),
          Spread.number("%.0f %%", 100 * needed / memory));
    }
  }

  private static ChainedOptionsBuilder options(String root, int iterations, String parameters) {
    return new OptionsBuilder()
        .param("parameters", parameters)
        .measurementIterations(iterations)
        .jvmArgsAppend("-D" + UpdateBenchmark.ROOT + "=" + root)
        .verbosity(VerboseMode.SILENT);
  }

  private static double nanos(ChainedOptionsBuilder options, String what) throws Exception {
    Collection<RunResult> results = new Runner(options.build()).run();
    return results.stream()
        .mapToDouble(result -> result.getPrimaryResult().getScore())
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("nothing was measured of " + what));
  }
}
