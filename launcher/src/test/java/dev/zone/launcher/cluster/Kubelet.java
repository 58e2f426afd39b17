package dev.zone.launcher.cluster;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Runs the pods of an API server as processes of this machine, as the entrypoint of Spark's own
 * image does: drivers by {@code spark-submit} in client mode, executors by their backend's class.
 * Mounted config maps are folders, a mounted claim is the folder of the same path, and names of
 * services are this machine's.
 */
public final class Kubelet implements AutoCloseable {
  private static final String ADDRESS = "127.0.0.1";

  private final KubernetesApi api;
  private final Path spark;
  private final Path folder;
  private final Path tools;
  private final Map<String, Process> processes = new ConcurrentHashMap<>();
  private final Thread thread;
  private volatile boolean closed;

  /**
   * @param folder for what pods mount and write
   * @param tools folder of programs that every pod has
   */
  public Kubelet(KubernetesApi api, Path distribution, Path folder, Path tools) {
    this.api = api;
    this.spark = distribution.resolve("spark");
    this.folder = folder;
    this.tools = tools;
    this.thread = new Thread(this::run, "kubelet");
    thread.start();
  }

  /** Processes of pods that are alive. */
  public long alive() {
    return processes.values().stream().filter(Process::isAlive).count();
  }

  private void run() {
    while (!closed) {
      Map<String, JsonObject> pods = new TreeMap<>();
      api.objects("pods").forEach(pod -> pods.put(name(pod), pod));
      pods.forEach(this::look);
      processes.forEach(
          (name, process) -> {
            if (!pods.containsKey(name) && process.isAlive()) {
              end(process);
            }
          });
      LockSupport.parkNanos(20_000_000L);
    }
  }

  private void look(String name, JsonObject pod) {
    Process process = processes.get(name);
    if (process == null && isReady(pod)) {
      try {
        processes.put(name, start(pod));
        api.become(pod, running());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    } else if (process != null
        && !process.isAlive()
        && pod.getAsJsonObject("status").get("phase").getAsString().equals("Running")) {
      api.become(pod, ended(process.exitValue()));
    }
  }

  private static String name(JsonObject object) {
    return object.getAsJsonObject("metadata").get("name").getAsString();
  }

  /** What a pod mounts must be there, and what it is reached by. */
  private boolean isReady(JsonObject pod) {
    return mounts(pod).keySet().stream().allMatch(map -> configMap(map).isPresent())
        && (!role(pod).equals("driver") || !api.objects("services").isEmpty());
  }

  private static String role(JsonObject pod) {
    return pod.getAsJsonObject("metadata")
        .getAsJsonObject("labels")
        .get("spark-role")
        .getAsString();
  }

  private Optional<JsonObject> configMap(String name) {
    return api.objects("configmaps").stream().filter(map -> name(map).equals(name)).findFirst();
  }

  private static JsonObject container(JsonObject pod) {
    return pod.getAsJsonObject("spec").getAsJsonArray("containers").get(0).getAsJsonObject();
  }

  /** Config maps with the paths that they are mounted at. */
  private static Map<String, String> mounts(JsonObject pod) {
    Map<String, String> volumes = new LinkedHashMap<>();
    for (JsonElement each : pod.getAsJsonObject("spec").getAsJsonArray("volumes")) {
      if (each.getAsJsonObject().get("configMap") instanceof JsonObject map) {
        volumes.put(
            each.getAsJsonObject().get("name").getAsString(), map.get("name").getAsString());
      }
    }
    Map<String, String> mounts = new LinkedHashMap<>();
    for (JsonElement each : container(pod).getAsJsonArray("volumeMounts")) {
      String volume = each.getAsJsonObject().get("name").getAsString();
      if (volumes.containsKey(volume)) {
        mounts.put(volumes.get(volume), each.getAsJsonObject().get("mountPath").getAsString());
      }
    }
    return mounts;
  }

  private Process start(JsonObject pod) throws IOException {
    Path own = Files.createDirectories(folder.resolve(name(pod)));
    Map<String, String> places = new LinkedHashMap<>();
    mounts(pod).values().forEach(path -> places.put(path, own + "/mounted" + path));
    for (Map.Entry<String, String> mount : mounts(pod).entrySet()) {
      Path at = Files.createDirectories(Path.of(places.get(mount.getValue())));
      JsonObject data = configMap(mount.getKey()).orElseThrow().getAsJsonObject("data");
      for (Map.Entry<String, JsonElement> file : data.entrySet()) {
        String text = placed(file.getValue().getAsString(), places);
        Files.writeString(at.resolve(file.getKey()), text);
        // A volume may give a config map's key another name, as Spark's of the template does.
        Files.writeString(at.resolve("pod-spec-template.yml"), text);
      }
    }
    Map<String, String> environment = environment(pod);
    List<String> command =
        role(pod).equals("driver") ? driver(pod, places, environment) : executor(environment);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(own.toFile())
            .redirectErrorStream(true)
            .redirectOutput(own.resolve("log").toFile());
    builder.environment().putAll(environment);
    return builder.start();
  }

  private static String placed(String text, Map<String, String> places) {
    String placed = text;
    for (Map.Entry<String, String> each : places.entrySet()) {
      placed = placed.replace(each.getKey(), each.getValue());
    }
    return placed;
  }

  private Map<String, String> environment(JsonObject pod) throws IOException {
    Map<String, String> environment = new LinkedHashMap<>();
    for (JsonElement each : container(pod).getAsJsonArray("env")) {
      JsonObject variable = each.getAsJsonObject();
      environment.put(
          variable.get("name").getAsString(),
          variable.has("value") ? variable.get("value").getAsString() : field(pod, variable));
    }
    StringBuilder hosts = new StringBuilder(Files.readString(Path.of("/etc/hosts"))).append('\n');
    for (JsonObject service : api.objects("services")) {
      String namespace = service.getAsJsonObject("metadata").get("namespace").getAsString();
      hosts.append(ADDRESS + " ").append(name(service)).append('.').append(namespace);
      hosts.append(".svc\n");
    }
    Path file = folder.resolve("hosts");
    Files.writeString(file, hosts);
    environment.put("JAVA_TOOL_OPTIONS", "-Djdk.net.hosts.file=" + file);
    environment.put("SPARK_HOME", spark.toString());
    environment.put("SPARK_SCALA_VERSION", "2.13");
    environment.put("PATH", tools + File.pathSeparator + System.getenv("PATH"));
    return environment;
  }

  private static String field(JsonObject pod, JsonObject variable) {
    String path =
        variable
            .getAsJsonObject("valueFrom")
            .getAsJsonObject("fieldRef")
            .get("fieldPath")
            .getAsString();
    return path.equals("metadata.name") ? name(pod) : ADDRESS;
  }

  /** As {@code bin/spark-submit} finds the JVM's command. */
  private List<String> driver(
      JsonObject pod, Map<String, String> places, Map<String, String> environment)
      throws IOException {
    List<String> arguments = new ArrayList<>();
    JsonArray own = container(pod).getAsJsonArray("args");
    arguments.addAll(List.of("--conf", "spark.driver.bindAddress=" + ADDRESS));
    arguments.addAll(List.of("--deploy-mode", "client"));
    for (int i = 1; i < own.size(); i++) {
      arguments.add(placed(own.get(i).getAsString(), places));
    }
    List<String> command = new ArrayList<>();
    command.addAll(List.of(java(), "-cp", spark.resolve("jars") + "/*"));
    command.addAll(
        List.of("org.apache.spark.launcher.Main", "org.apache.spark.deploy.SparkSubmit"));
    command.addAll(arguments);
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().putAll(environment);
    String text =
        new String(builder.start().getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return java.util.Arrays.stream(text.split("\0"))
        .map(String::strip)
        .filter(part -> !part.isEmpty())
        .toList();
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  private List<String> executor(Map<String, String> environment) {
    List<String> command = new ArrayList<>(List.of(java()));
    environment.forEach(
        (name, value) -> {
          if (name.startsWith("SPARK_JAVA_OPT_")) {
            command.add(value);
          }
        });
    command.add("-Xmx" + environment.get("SPARK_EXECUTOR_MEMORY"));
    command.addAll(
        List.of(
            "-cp",
            environment.get("SPARK_CLASSPATH") + File.pathSeparator + spark.resolve("jars") + "/*",
            "org.apache.spark.scheduler.cluster.k8s.KubernetesExecutorBackend"));
    Map.of(
            "--driver-url", "SPARK_DRIVER_URL",
            "--executor-id", "SPARK_EXECUTOR_ID",
            "--cores", "SPARK_EXECUTOR_CORES",
            "--app-id", "SPARK_APPLICATION_ID",
            "--hostname", "SPARK_EXECUTOR_POD_IP",
            "--resourceProfileId", "SPARK_RESOURCE_PROFILE_ID",
            "--podName", "SPARK_EXECUTOR_POD_NAME")
        .forEach((option, variable) -> command.addAll(List.of(option, environment.get(variable))));
    return command;
  }

  private static JsonObject running() {
    JsonObject condition = new JsonObject();
    condition.addProperty("type", "Ready");
    condition.addProperty("status", "True");
    JsonArray conditions = new JsonArray();
    conditions.add(condition);
    JsonObject status = new JsonObject();
    status.addProperty("phase", "Running");
    status.addProperty("podIP", ADDRESS);
    status.add("conditions", conditions);
    return status;
  }

  private static JsonObject ended(int exitCode) {
    JsonObject terminated = new JsonObject();
    terminated.addProperty("exitCode", exitCode);
    terminated.addProperty("reason", exitCode == 0 ? "Completed" : "Error");
    JsonObject state = new JsonObject();
    state.add("terminated", terminated);
    JsonObject container = new JsonObject();
    container.addProperty("name", "main");
    container.add("state", state);
    JsonArray containers = new JsonArray();
    containers.add(container);
    JsonObject status = new JsonObject();
    status.addProperty("phase", exitCode == 0 ? "Succeeded" : "Failed");
    status.add("containerStatuses", containers);
    return status;
  }

  private static void end(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  @Override
  public void close() throws InterruptedException {
    closed = true;
    thread.join();
    processes.values().forEach(Kubelet::end);
  }
}
