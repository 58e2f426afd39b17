package dev.zone.launcher.submit;

import com.google.gson.JsonObject;
import dev.zone.conf.CentreSpec.KubernetesSpec;
import dev.zone.conf.Footprint;
import dev.zone.conf.PlanSpec;
import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.format.Digests;
import dev.zone.launcher.bundle.Distribution;
import dev.zone.launcher.kubernetes.ApiServer;
import dev.zone.launcher.kubernetes.ApiServer.PodState;
import dev.zone.launcher.zones.Centre;
import java.io.File;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Drivers in pods of Kubernetes, whose storage is a volume that every pod has mounted. Spark's own
 * client hands them over, in a process that outlives the command. All pods of a launch have its
 * label, by which the API server is asked from then on.
 */
public final class KubernetesCluster implements ProbedCluster {
  private static final String LAUNCH = "zone-launch";
  private static final String ROLE = "spark-role";

  /** Kubernetes allows 63 characters. */
  private static final int LONGEST_LABEL = 63;

  private static final int DIGEST_LENGTH = 10;

  private final Centre centre;
  private final HandingOver handingOver;

  KubernetesCluster(Centre centre, Distribution distribution) {
    this.centre = centre;
    this.handingOver = new HandingOver(distribution);
  }

  /**
   * The label of a launch's pods: the run's id with the launch's number, shortened if it is longer
   * than a label may be.
   */
  static String label(String run, int launch) {
    String whole = run + "-" + launch;
    if (whole.length() <= LONGEST_LABEL) {
      return whole;
    }
    String digest = Digests.ofText(whole).substring(0, DIGEST_LENGTH);
    return whole.substring(0, LONGEST_LABEL - DIGEST_LENGTH - 1) + "-" + digest;
  }

  /**
   * The pods of a launch's workers, as far as there are any.
   *
   * @throws ZoneException of the environment if the API server does not answer
   */
  public static List<PodState> workers(Centre centre, String run, int launch) {
    try (ApiServer server = ApiServer.of(centre.spec())) {
      return server.pods(Map.of(LAUNCH, label(run, launch), ROLE, "executor"));
    }
  }

  @Override
  public void requireReady(PlanSpec plan) {
    requirePermission();
  }

  /**
   * Makes sure that pods may be made.
   *
   * @throws ZoneException of the environment if not, or if the API server does not answer
   */
  void requirePermission() {
    try (ApiServer server = ApiServer.of(centre.spec())) {
      server.requirePermission(centre.title());
    }
  }

  @Override
  public JsonObject submit(Launch launch) {
    PlanSpec plan = launch.plan();
    Map<String, String> properties =
        ApplicationSettings.inCluster(
            launch,
            ApplicationSettings.loggingTo(launch.folder(), "driver"),
            ApplicationSettings.loggingTo(launch.folder(), "executor-{{EXECUTOR_ID}}"));
    Footprint driver = Footprint.ofDriver(0, plan.backend());
    Footprint worker = Footprint.ofWorker(plan.job().resources().perWorker(), plan.backend());
    properties.put("spark.executor.instances", Integer.toString(plan.workers()));
    properties.put("spark.driver.memoryOverhead", driver.outside().mebibytes() + "m");
    String label = label(plan.run(), launch.number());
    pods(label, driver.cores(), worker.cores(), properties);
    gpus(plan.gpus(), properties);
    environment(ApplicationSettings.environment(launch, launch.cache()), properties);
    return begin(
        label,
        List.of("--class", Distribution.APPLICATION, "--name", plan.run()),
        launch.jars(),
        properties,
        List.of(launch.mode().argument(), launch.folder(), Integer.toString(launch.number())),
        centre.spec().hadoopConf());
  }

  @Override
  public JsonObject submit(Probe probe) {
    Map<String, String> properties = probe.settings();
    pods(probe.name(), 1, 1, properties);
    gpus(probe.gpus(), properties);
    environment(centre.spec().environment(), properties);
    return begin(
        probe.name(),
        List.of("--class", Probe.MAIN, "--name", probe.name()),
        probe.jars(),
        properties,
        probe.arguments(),
        centre.spec().hadoopConf());
  }

  /**
   * Has a feed started, soon.
   *
   * @param name that no other has, of letters, digits and dashes
   * @return what the cluster calls it
   */
  JsonObject submit(FeedSubmission feed, String name) {
    Map<String, String> properties = ApplicationSettings.common(Optional.of(centre));
    properties.putAll(feed.settings());
    pods(name, 1, 1, properties);
    Map<String, String> environment = new LinkedHashMap<>();
    // Storages that take a client's word for it know the feed's user, not the image's.
    environment.put("HADOOP_USER_NAME", System.getProperty("user.name", ""));
    environment.putAll(centre.spec().environment());
    environment(environment, properties);
    return begin(
        name,
        List.of("--class", Distribution.APPLICATION, "--name", name),
        feed.sent(),
        properties,
        List.of("feed", feed.folder().toString()),
        feed.hadoopConf());
  }

  private JsonObject begin(
      String label,
      List<String> call,
      List<String> jars,
      Map<String, String> properties,
      List<String> applicationArguments,
      Optional<String> conf) {
    String classPath = String.join(File.pathSeparator, jars);
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("--master", centre.spec().master(), "--deploy-mode", "cluster"));
    arguments.addAll(call);
    Map<String, String> all = new LinkedHashMap<>(properties);
    all.put("spark.driver.extraClassPath", classPath);
    all.put("spark.executor.extraClassPath", classPath);
    all.forEach((key, value) -> arguments.addAll(List.of("--conf", key + "=" + value)));
    arguments.add("local://" + Launch.applicationJar(jars));
    arguments.addAll(applicationArguments);
    JsonObject handle =
        handingOver.begin(
            "zone-" + label,
            arguments,
            conf,
            conf.map(folder -> Map.of("HADOOP_CONF_DIR", folder)).orElseGet(Map::of));
    handle.addProperty(HandingOver.TAG, label);
    return handle;
  }

  private static void gpus(int gpus, Map<String, String> properties) {
    properties.putAll(ApplicationSettings.discovery(gpus));
    if (gpus > 0) {
      properties.put("spark.executor.resource.gpu.vendor", "nvidia.com");
    }
  }

  private static void environment(Map<String, String> environment, Map<String, String> properties) {
    environment.forEach(
        (key, value) -> {
          properties.put("spark.kubernetes.driverEnv." + key, value);
          properties.put("spark.executorEnv." + key, value);
        });
  }

  private void pods(
      String label, int driverCores, int workerCores, Map<String, String> properties) {
    KubernetesSpec spec = centre.spec().kubernetes().orElseThrow();
    properties.put("spark.kubernetes.namespace", spec.namespace());
    properties.put("spark.kubernetes.container.image", spec.image());
    properties.put(
        "spark.kubernetes.authenticate.driver.serviceAccountName", spec.serviceAccount());
    spec.context().ifPresent(name -> properties.put("spark.kubernetes.context", name));
    properties.put("spark.kubernetes.submission.waitAppCompletion", "false");
    pod("driver", driverCores, label, spec, properties);
    pod("executor", workerCores, label, spec, properties);
  }

  /** What the pods of driver or executors have. */
  private void pod(
      String role, int cores, String label, KubernetesSpec spec, Map<String, String> properties) {
    String prefix = "spark.kubernetes." + role + ".";
    properties.put(prefix + "label." + LAUNCH, label);
    // As much as is asked for and no more: a neighbour's idle cores would make runs' times differ.
    properties.put(prefix + "request.cores", Integer.toString(cores));
    properties.put(prefix + "limit.cores", Integer.toString(cores));
    String volume = prefix + "volumes.persistentVolumeClaim.zone.";
    properties.put(volume + "options.claimName", spec.volumeClaim());
    properties.put(volume + "mount.path", URI.create(centre.spec().storage()).getPath());
    spec.podTemplate().ifPresent(file -> properties.put(prefix + "podTemplateFile", file));
  }

  @Override
  public Standing standing(JsonObject handle) {
    List<PodState> drivers;
    try {
      drivers = drivers(handle);
    } catch (ZoneException e) {
      return new Standing(Phase.UNKNOWN, e.getMessage());
    }
    if (drivers.isEmpty()) {
      return handingOver.standing(handle);
    }
    PodState driver = drivers.get(0);
    Phase phase =
        switch (driver.phase()) {
          case "Pending" -> Phase.WAITING;
          case "Running" -> Phase.RUNNING;
          case "Succeeded", "Failed" -> Phase.ENDED;
          default -> Phase.UNKNOWN;
        };
    return new Standing(phase, "Kubernetes says that " + driver.words());
  }

  private static Map<String, String> driverOf(JsonObject handle) {
    Map<String, String> labels = new LinkedHashMap<>();
    labels.put(LAUNCH, handle.get(HandingOver.TAG).getAsString());
    labels.put(ROLE, "driver");
    return labels;
  }

  private List<PodState> drivers(JsonObject handle) {
    try (ApiServer server = ApiServer.of(centre.spec())) {
      return server.pods(driverOf(handle));
    }
  }

  @Override
  public void kill(JsonObject handle) {
    handingOver.stop(handle);
    try (ApiServer server = ApiServer.of(centre.spec())) {
      server.delete(driverOf(handle));
    }
  }
}
