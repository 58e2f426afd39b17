package dev.zone.launcher.submit;

import dev.zone.conf.CentreSpec.CudaLibraries;
import dev.zone.conf.Footprint;
import dev.zone.conf.PlanSpec;
import dev.zone.conf.WorkerFlags;
import dev.zone.launcher.bundle.ApplicationJars;
import dev.zone.launcher.bundle.Distribution;
import dev.zone.launcher.plan.Master;
import dev.zone.launcher.zones.Centre;
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
  static final String SUBMIT = "org.apache.spark.deploy.SparkSubmit";

  private static final String JARS = "spark.jars";

  /** The variable that tells an application that its launcher stays with it. */
  private static final String LAUNCHER = "ZONE_LAUNCHER";

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
    List<String> flags = driverFlags(submission);
    flags.addAll(sharing(submission.distribution()));
    List<String> command = java(flags);
    command.add("-cp");
    command.add(submission.distribution().classPath());
    submit(command, submission.master(), submission.plan().run(), settings(submission));
    command.add(submission.mode().argument());
    command.add(submission.folder().toString());
    submission.launch().ifPresent(launch -> command.add(Integer.toString(launch)));
    return new Invocation(command, environment(submission));
  }

  /** How the application is started that feeds a dataset. */
  static Invocation of(FeedSubmission feed) {
    List<String> flags = new ArrayList<>(feed.driverFlags());
    flags.add("-XX:+ErrorFileToStdout");
    flags.add(logging(feed.distribution()));
    if (feed.hadoopConf().isEmpty()) {
      flags.addAll(sharing(feed.distribution()));
    }
    List<String> command = java(flags);
    command.add("-cp");
    command.add(
        feed.hadoopConf().map(conf -> conf + File.pathSeparator).orElse("")
            + feed.distribution().classPath());
    Map<String, String> settings = ApplicationSettings.common(feed.centre());
    if (feed.master().isLocal()) {
      stayHere(settings);
    } else if (!feed.isYarn()) {
      settings.put(JARS, uris(feed.jars()));
    }
    settings.putAll(feed.settings());
    submit(command, feed.master(), FeedSubmission.NAME, settings);
    command.addAll(List.of("feed", feed.folder().toString()));
    Map<String, String> environment =
        environment(feed.distribution(), feed.master(), feed.centre());
    environment.put(LAUNCHER, Long.toString(ProcessHandle.current().pid()));
    if (feed.isYarn()) {
      environment.putAll(YarnCluster.client(feed.hadoopConf().orElseThrow()));
    }
    return new Invocation(command, environment);
  }

  private static void submit(
      List<String> command, Master master, String name, Map<String, String> settings) {
    command.add(SUBMIT);
    command.addAll(List.of("--class", Distribution.APPLICATION));
    command.addAll(List.of("--master", master.url()));
    command.addAll(List.of("--name", name));
    settings.forEach((key, value) -> command.addAll(List.of("--conf", key + "=" + value)));
    // Nothing to be fetched: a local application's jars are on the class path already, a cluster's
    // executors get them by spark.jars.
    command.add("spark-internal");
  }

  /** A JVM for Spark, in a session of its own: the command without class path and class. */
  static List<String> java(List<String> flags) {
    List<String> command = new ArrayList<>();
    setsid().ifPresent(command::add);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags);
    OPENED.forEach(name -> command.add("--add-opens=" + name + "=ALL-UNNAMED"));
    command.add("-Djdk.reflect.useDirectMethodHandle=false");
    command.add("-Dio.netty.tryReflectionSetAccessible=true");
    return command;
  }

  private static List<String> driverFlags(Submission submission) {
    PlanSpec plan = submission.plan();
    Footprint driver =
        Footprint.ofDriver(submission.master().isLocal() ? plan.workers() : 0, plan.backend());
    List<String> flags = new ArrayList<>();
    flags.add("-Xmx" + driver.heap().mebibytes() + "m");
    flags.addAll(ApplicationSettings.driverFlags(plan.backend(), driver.memory()));
    // A crash's report goes where people look: the run's log.
    flags.add("-XX:+ErrorFileToStdout");
    flags.add(logging(submission.distribution()));
    return flags;
  }

  /** An archive that does not fit this JVM is not used, without a word. */
  private static List<String> sharing(Distribution distribution) {
    return distribution
        .classArchive()
        .map(
            archive ->
                List.of("-Xshare:auto", "-XX:SharedArchiveFile=" + archive, "-Xlog:cds*=off"))
        .orElseGet(List::of);
  }

  private static String logging(Distribution distribution) {
    return "-Dlog4j2.configurationFile=" + conf(distribution).resolve("log4j2.properties").toUri();
  }

  private static Path conf(Distribution distribution) {
    return distribution.home().resolve("conf");
  }

  private static Map<String, String> settings(Submission submission) {
    Map<String, String> settings = ApplicationSettings.common(submission.centre());
    if (submission.master().isLocal()) {
      stayHere(settings);
      return settings;
    }
    settings.putAll(ApplicationSettings.executors(submission.plan()));
    settings.put(
        "spark.executor.extraJavaOptions",
        String.join(" ", ApplicationSettings.executorFlags(submission.plan())));
    submission
        .centre()
        .ifPresent(
            centre ->
                centre
                    .spec()
                    .environment()
                    .forEach((key, value) -> settings.put("spark.executorEnv." + key, value)));
    settings.put(JARS, uris(jars(submission)));
    return settings;
  }

  private static void stayHere(Map<String, String> settings) {
    settings.put("spark.driver.host", "127.0.0.1");
    settings.put("spark.driver.bindAddress", "127.0.0.1");
  }

  private static String uris(List<Path> jars) {
    return jars.stream().map(jar -> jar.toUri().toString()).collect(Collectors.joining(","));
  }

  private static List<Path> jars(Submission submission) {
    CudaLibraries libraries =
        submission.centre().map(at -> at.spec().cudaLibraries()).orElse(CudaLibraries.SITE);
    return new ApplicationJars(submission.distribution(), Optional.empty())
        .paths(submission.plan(), libraries);
  }

  private static Map<String, String> environment(Submission submission) {
    Map<String, String> environment =
        new LinkedHashMap<>(WorkerFlags.environment(submission.plan().backend()));
    environment.putAll(
        environment(submission.distribution(), submission.master(), submission.centre()));
    if (submission.launch().isEmpty()) {
      environment.put(LAUNCHER, Long.toString(ProcessHandle.current().pid()));
    }
    environment.put("ZONE_RUN_SECRET", submission.secret());
    return environment;
  }

  private static Map<String, String> environment(
      Distribution distribution, Master master, Optional<Centre> centre) {
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("SPARK_HOME", distribution.spark().toString());
    environment.put("SPARK_CONF_DIR", conf(distribution).toString());
    environment.put("SPARK_SCALA_VERSION", "2.13");
    if (master.isLocal()) {
      environment.put("SPARK_LOCAL_IP", "127.0.0.1");
      environment.put("SPARK_LOCAL_HOSTNAME", "localhost");
    }
    centre.ifPresent(at -> environment.putAll(at.spec().environment()));
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
