package dev.zone.launcher.submit;

import dev.zone.conf.DataSize;
import dev.zone.conf.PlanSpec;
import dev.zone.conf.PlanSpec.BackendSpec;
import dev.zone.conf.WorkerFlags;
import dev.zone.launcher.bundle.Distribution;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Starts the application through Spark's own submission, in a JVM that has the right memory,
 * threads and native library from its first moment.
 */
public final class SparkCommand implements ApplicationCommand {
  /** The class that {@code spark-submit} starts. */
  private static final String SUBMIT = "org.apache.spark.deploy.SparkSubmit";

  /** What coordinating takes, beside what trains or arrives. */
  private static final DataSize DRIVER_HEAP = DataSize.ofMebibytes(512);

  /** What a JVM needs besides heap and arrays: code, stacks, classes. */
  private static final DataSize JVM_OWN = DataSize.ofMebibytes(512);

  /**
   * What Spark opens of Java 17's modules (its JavaModuleOptions), which it adds by itself only to
   * JVMs that it starts.
   */
  private static final List<String> OPENED =
      List.of(
          "java.base/java.lang",
          "java.base/java.lang.invoke",
          "java.base/java.lang.reflect",
          "java.base/java.io",
          "java.base/java.net",
          "java.base/java.nio",
          "java.base/java.util",
          "java.base/java.util.concurrent",
          "java.base/java.util.concurrent.atomic",
          "java.base/jdk.internal.ref",
          "java.base/sun.nio.ch",
          "java.base/sun.nio.cs",
          "java.base/sun.security.action",
          "java.base/sun.util.calendar");

  @Override
  public Invocation of(Submission submission) {
    List<String> command = new ArrayList<>();
    setsid().ifPresent(command::add);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(driverFlags(submission));
    command.add("-cp");
    command.add(submission.distribution().classPath());
    command.add(SUBMIT);
    command.addAll(List.of("--class", Distribution.APPLICATION));
    command.addAll(List.of("--master", submission.master().url()));
    command.addAll(List.of("--name", submission.plan().run()));
    settings(submission)
        .forEach((key, value) -> command.addAll(List.of("--conf", key + "=" + value)));
    // Nothing to be fetched: a local application's jars are on the class path already, a cluster's
    // executors get them by spark.jars.
    command.add("spark-internal");
    command.add(submission.mode().argument());
    command.add(submission.folder().toString());
    return new Invocation(command, environment(submission));
  }

  private static List<String> driverFlags(Submission submission) {
    PlanSpec plan = submission.plan();
    BackendSpec backend = plan.backend();
    // On a cluster it does not train, but a model's parameters and predictions come to it: what a
    // worker's heap holds, its own does.
    int trainers = submission.master().isLocal() ? plan.workers() : 1;
    long heap = DRIVER_HEAP.mebibytes() + trainers * backend.heap().mebibytes();
    long arrays = trainers * backend.nativeMemory().mebibytes();
    List<String> flags = new ArrayList<>();
    flags.add("-Xmx" + heap + "m");
    // Training threads keep the cores busy: collections that stop them all for a short while cost
    // less than ones that run beside them.
    flags.add("-XX:+UseParallelGC");
    flags.addAll(
        WorkerFlags.jvm(backend, DataSize.ofMebibytes(heap + arrays + JVM_OWN.mebibytes())));
    // A crash's report goes where people look: the run's log.
    flags.add("-XX:+ErrorFileToStdout");
    flags.add(
        "-Dlog4j2.configurationFile=" + conf(submission).resolve("log4j2.properties").toUri());
    OPENED.forEach(name -> flags.add("--add-opens=" + name + "=ALL-UNNAMED"));
    flags.add("-Djdk.reflect.useDirectMethodHandle=false");
    flags.add("-Dio.netty.tryReflectionSetAccessible=true");
    return flags;
  }

  private static Path conf(Submission submission) {
    return submission.distribution().home().resolve("conf");
  }

  /** Spark's settings: few services, quick to start; on a cluster, what each executor has. */
  private static Map<String, String> settings(Submission submission) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("spark.ui.enabled", "false");
    settings.put("spark.ui.showConsoleProgress", "false");
    settings.put("spark.eventLog.enabled", "false");
    settings.put("spark.metrics.staticSources.enabled", "false");
    settings.put("spark.locality.wait", "0s");
    // A barrier stage that comes before its executors looks again after this, not after 15 s.
    settings.put("spark.scheduler.barrier.maxConcurrentTasksCheck.interval", "1s");
    settings.put("spark.scheduler.barrier.maxConcurrentTasksCheck.maxFailures", "120");
    if (submission.master().isLocal()) {
      settings.put("spark.driver.host", "127.0.0.1");
      settings.put("spark.driver.bindAddress", "127.0.0.1");
    } else {
      settings.putAll(executorSettings(submission));
    }
    return settings;
  }

  private static Map<String, String> executorSettings(Submission submission) {
    PlanSpec plan = submission.plan();
    BackendSpec backend = plan.backend();
    int cores = plan.job().resources().perWorker().cores();
    long outside = backend.nativeMemory().mebibytes() + JVM_OWN.mebibytes();
    long total = backend.heap().mebibytes() + outside;
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("spark.executor.memory", backend.heap().mebibytes() + "m");
    settings.put("spark.executor.memoryOverhead", outside + "m");
    settings.put("spark.executor.cores", Integer.toString(cores));
    settings.put("spark.task.cpus", Integer.toString(cores));
    settings.put("spark.cores.max", Integer.toString(cores * plan.workers()));
    settings.put(
        "spark.executor.extraJavaOptions",
        String.join(" ", WorkerFlags.jvm(backend, DataSize.ofMebibytes(total))));
    WorkerFlags.environment(backend)
        .forEach((key, value) -> settings.put("spark.executorEnv." + key, value));
    settings.put(
        "spark.jars",
        submission.distribution().applicationJars().stream()
            .map(jar -> jar.toUri().toString())
            .collect(Collectors.joining(",")));
    return settings;
  }

  private static Map<String, String> environment(Submission submission) {
    Map<String, String> environment =
        new LinkedHashMap<>(WorkerFlags.environment(submission.plan().backend()));
    environment.put("SPARK_HOME", submission.distribution().spark().toString());
    environment.put("SPARK_CONF_DIR", conf(submission).toString());
    environment.put("SPARK_SCALA_VERSION", "2.13");
    if (submission.master().isLocal()) {
      environment.put("SPARK_LOCAL_IP", "127.0.0.1");
      environment.put("SPARK_LOCAL_HOSTNAME", "localhost");
    }
    environment.put("ZONE_LAUNCHER", Long.toString(ProcessHandle.current().pid()));
    environment.put("ZONE_RUN_SECRET", submission.secret());
    return environment;
  }

  /**
   * The command that starts a process in a session of its own, so that the terminal's Ctrl-C
   * reaches the launcher alone; the application leaves SIGINT alone where there is none.
   */
  private static Optional<String> setsid() {
    for (String folder : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)) {
      Path file = Path.of(folder, "setsid");
      if (!folder.isEmpty() && Files.isExecutable(file)) {
        return Optional.of(file.toString());
      }
    }
    return Optional.empty();
  }
}
