package dev.zone.bench;

import dev.zone.bench.contest.Workload;
import dev.zone.conf.CpuFeatures;
import dev.zone.conf.DataSize;
import dev.zone.conf.PlanSpec.BackendSpec;
import dev.zone.conf.ResourceSpec.WorkerSpec;
import dev.zone.conf.TrainingSpec;
import dev.zone.conf.WorkerFlags;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** How the other trainers are started, each on the class path that its build has written. */
final class Peers {
  private static final DataSize PROCESS = DataSize.ofMebibytes(6144);
  private static final Map<String, String> ONE_THREAD =
      Map.of("OMP_NUM_THREADS", "1", "OPENBLAS_NUM_THREADS", "1");

  /** What Spark needs of Java 17's modules, which its own scripts open. */
  private static final List<String> OPENED =
      List.of(
          "java.lang",
          "java.lang.invoke",
          "java.lang.reflect",
          "java.io",
          "java.net",
          "java.nio",
          "java.util",
          "java.util.concurrent",
          "java.util.concurrent.atomic",
          "jdk.internal.ref",
          "sun.nio.ch",
          "sun.nio.cs",
          "sun.security.action",
          "sun.util.calendar");

  private final Path root;
  private final Workload workload;
  private final double seconds;

  /**
   * @param seconds for which a usual contestant trains
   */
  Peers(Path root, Workload workload, double seconds) {
    this.root = root;
    this.workload = workload;
    this.seconds = seconds;
  }

  /** All of them that can train the workload. */
  List<Contestant> all() {
    List<Contestant> peers = new ArrayList<>();
    peers.add(new Contestant("dl4j as it comes", 1, 1, plain()));
    peers.add(new Contestant("dl4j at its best", 1, 1, best()));
    peers.add(new Contestant("dl4j at its best, 2 processes", 1, 2, best()));
    peers.add(new Contestant("dl4j-spark as it comes, averaging each", 2, 1, spark(Map.of(), "1")));
    peers.add(new Contestant("dl4j-spark, averaging each", 2, 1, spark(ONE_THREAD, "1")));
    peers.add(new Contestant("dl4j-spark, averaging every 5", 2, 1, spark(ONE_THREAD, "5")));
    peers.add(new Contestant("dl4j-spark on a cluster, averaging each", 2, 1, cluster()));
    peers.add(new Contestant("dl4j-spark, sharing", 2, 1, sharing()));
    peers.add(new Contestant("djl pytorch", 1, 1, djl()));
    peers.add(new Contestant("djl pytorch, 2 processes", 1, 2, djl()));
    if (workload == Workload.MLP) {
      peers.add(new Contestant("mllib", 2, 1, mllib()));
    }
    return peers;
  }

  private Function<Path, Launch> plain() {
    return place -> launch("dl4j", "dev.zone.bench.dl4j.Main", List.of(), Map.of(), place);
  }

  /** As Zone starts its workers, and with its class that revives oneDNN. */
  Function<Path, Launch> best() {
    BackendSpec backend =
        WorkerFlags.backend(
            new WorkerSpec(1, DataSize.ofMebibytes(2048), 0),
            TrainingSpec.Precision.FLOAT32,
            CpuFeatures.detect());
    List<String> flags = new ArrayList<>(List.of("-XX:+UseParallelGC"));
    flags.addAll(WorkerFlags.jvm(backend, PROCESS));
    return place ->
        launch(
            "dl4j-best",
            "dev.zone.bench.dl4j.Main",
            flags,
            WorkerFlags.environment(backend),
            place);
  }

  /** The same for one step only. */
  Function<Path, Launch> firstStep() {
    Function<Path, Launch> best = best();
    return place -> {
      Launch all = best.apply(place);
      List<String> command = new ArrayList<>(all.command());
      command.add("first");
      return new Launch(command, all.environment(), all.steps());
    };
  }

  private Function<Path, Launch> spark(Map<String, String> environment, String... arguments) {
    return place ->
        launch(
            "dl4j-spark", "dev.zone.bench.dl4jspark.Main", opened(), environment, place, arguments);
  }

  private Function<Path, Launch> sharing() {
    List<String> flags = new ArrayList<>(opened());
    // Deeplearning4j keeps clients of its transport for longer than the transport's default allows.
    flags.add("-Daeron.publication.unblock.timeout=40000000000");
    return place ->
        launch("dl4j-spark", "dev.zone.bench.dl4jspark.Main", flags, ONE_THREAD, place, "shared");
  }

  private Function<Path, Launch> cluster() {
    return place -> {
      // A worker looks for Spark's jars there; executors have them from the driver's class path.
      Path home = root.resolve("bench/target/spark");
      try {
        Files.createDirectories(home.resolve("jars"));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      Map<String, String> environment = new HashMap<>(ONE_THREAD);
      environment.put("SPARK_HOME", home.toString());
      environment.put("SPARK_SCALA_VERSION", "2.12");
      return spark(environment, "1", "cluster").apply(place);
    };
  }

  private Function<Path, Launch> mllib() {
    return place -> launch("mllib", "dev.zone.bench.mllib.Main", opened(), Map.of(), place);
  }

  private Function<Path, Launch> djl() {
    List<String> flags =
        List.of(
            "-Dai.djl.pytorch.num_threads=1",
            "-Dai.djl.pytorch.num_interop_threads=1",
            "-Dai.djl.offline=true",
            // Where it unpacks PyTorch from its jar.
            "-DDJL_CACHE_DIR=" + root.resolve("bench/target/djl"));
    return place -> launch("djl", "dev.zone.bench.djl.Main", flags, ONE_THREAD, place);
  }

  private static List<String> opened() {
    return OPENED.stream().map(name -> "--add-opens=java.base/" + name + "=ALL-UNNAMED").toList();
  }

  private Launch launch(
      String peer,
      String main,
      List<String> flags,
      Map<String, String> environment,
      Path place,
      String... more) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx2g");
    command.addAll(flags);
    command.addAll(List.of("-cp", classPath(peer), main));
    command.addAll(List.of(workload.title(), Double.toString(seconds)));
    command.addAll(List.of(more));
    return new Launch(command, environment, new PrintedSteps(place.resolve("out")));
  }

  private String classPath(String peer) {
    Path target = root.resolve("bench/peers").resolve(peer).resolve("target");
    List<String> parts = new ArrayList<>();
    parts.add(target.resolve("classes").toString());
    try {
      parts.add(Files.readString(target.resolve("classpath")).trim());
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the class path of " + peer, e);
    }
    if (peer.equals("dl4j-best")) {
      parts.add(root.resolve("jobs/target/classes").toString());
    }
    return String.join(":", parts);
  }
}
