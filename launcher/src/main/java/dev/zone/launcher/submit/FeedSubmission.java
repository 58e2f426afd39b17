package dev.zone.launcher.submit;

import dev.zone.launcher.bundle.ApplicationJars;
import dev.zone.launcher.bundle.Distribution;
import dev.zone.launcher.plan.Master;
import dev.zone.launcher.zones.Centre;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The application that feeds a dataset: its driver plans the feed and commits it, executors read
 * the pieces. The driver is started here; that of Kubernetes in a pod.
 *
 * @param folder holds {@code feed.json}
 * @param centre whose settings it has; empty if only a master was named
 * @param workers that read at the same time on a cluster, each a piece
 * @param hadoopConf folder of Hadoop's configuration; YARN gives it to its containers, Kubernetes
 *     to its pods, on other clusters it has the same path on all machines
 * @param sent jars in the centre's storage, for YARN Spark's own among them; empty where they are
 *     not needed
 */
record FeedSubmission(
    Path folder,
    Master master,
    Distribution distribution,
    Optional<Centre> centre,
    int workers,
    Optional<String> hadoopConf,
    List<String> sent) {
  /** As Spark and clusters call it. */
  static final String NAME = "zone-feed";

  private static final String COLLECTOR = "-XX:+UseParallelGC";

  /** What driver and executors have of their own. */
  private static final int MEBIBYTES = 1024;

  /** What each place of a driver that reads itself has besides: a piece, its table, its Parquet. */
  private static final int MEBIBYTES_A_PLACE = 512;

  /** Of a driver whose executors read: it holds keys and what comes back. */
  private static final int MEBIBYTES_OF_A_CLUSTERS_DRIVER = 2048;

  List<String> driverFlags() {
    int heap =
        master.isLocal()
            ? MEBIBYTES + MEBIBYTES_A_PLACE * master.slots()
            : MEBIBYTES_OF_A_CLUSTERS_DRIVER;
    return List.of("-Xmx" + heap + "m", COLLECTOR);
  }

  boolean isKubernetes() {
    return centre.filter(at -> at.spec().isKubernetes()).isPresent();
  }

  boolean isYarn() {
    return centre.filter(at -> at.spec().isYarn()).isPresent();
  }

  /** A pod's driver is given its flags, as nobody starts its JVM here. */
  private Map<String, String> kubernetes() {
    List<String> flags = new ArrayList<>(List.of(COLLECTOR));
    flags.addAll(ApplicationSettings.loggingTo(folder.toString(), "driver"));
    return Map.of(
        "spark.executor.instances",
        Integer.toString(workers),
        "spark.driver.cores",
        "1",
        "spark.driver.memory",
        MEBIBYTES_OF_A_CLUSTERS_DRIVER + "m",
        "spark.driver.extraJavaOptions",
        String.join(" ", flags));
  }

  private Map<String, String> yarn() {
    String archive = YarnCluster.archive(sent);
    Map<String, String> settings =
        new LinkedHashMap<>(YarnCluster.settings(centre.orElseThrow(), archive));
    settings.put("spark.executor.instances", Integer.toString(workers));
    // For executors only: the driver, which runs here, has them.
    settings.put(
        "spark.yarn.dist.jars",
        sent.stream().filter(jar -> !jar.equals(archive)).collect(Collectors.joining(",")));
    return settings;
  }

  List<Path> jars() {
    return new ApplicationJars(distribution, Optional.empty()).ofFeeds();
  }

  /** Spark's settings over those of any application. */
  Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>();
    // Answers are few at a time, and each is small.
    settings.put("spark.driver.maxResultSize", "0");
    if (!master.isLocal()) {
      settings.put("spark.executor.cores", "1");
      settings.put("spark.executor.memory", MEBIBYTES + "m");
      settings.put("spark.executor.extraJavaOptions", COLLECTOR);
      settings.put("spark.cores.max", Integer.toString(workers));
      if (isYarn()) {
        settings.putAll(yarn());
      } else if (isKubernetes()) {
        settings.putAll(kubernetes());
      } else {
        hadoopConf.ifPresent(conf -> settings.put("spark.executor.extraClassPath", conf));
      }
      // Kubernetes' pods have them by its own settings.
      centre
          .filter(at -> !isKubernetes())
          .ifPresent(
              at ->
                  at.spec()
                      .environment()
                      .forEach((key, value) -> settings.put("spark.executorEnv." + key, value)));
    }
    return settings;
  }
}
