package dev.zone.conf;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Which of Spark's properties a zone file may set, and why the others not. */
final class SparkProperties {
  /** Set by Zone from the job's resources or from other keys of the zone file: the key to use. */
  private static final Map<String, String> OWNED =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("spark.master", "the key master"),
              Map.entry("spark.submit.deployMode", "the key deployMode"),
              Map.entry("spark.app.name", "the job's name"),
              Map.entry("spark.jars", "nothing: the bundle says what is loaded"),
              Map.entry("spark.jars.packages", "nothing: the bundle says what is loaded"),
              Map.entry("spark.driver.extraClassPath", "nothing: the bundle says what is loaded"),
              Map.entry("spark.executor.extraClassPath", "nothing: the bundle says what is loaded"),
              Map.entry("spark.executor.cores", "the job's resources.perWorker.cores"),
              Map.entry("spark.executor.memory", "the job's resources.perWorker.memory"),
              Map.entry("spark.executor.memoryOverhead", "the job's resources.perWorker.memory"),
              Map.entry("spark.executor.instances", "the job's resources.workers"),
              Map.entry("spark.executor.extraJavaOptions", "nothing: Zone sets what ND4J needs"),
              Map.entry("spark.driver.cores", "nothing: Zone sets it"),
              Map.entry("spark.driver.memory", "nothing: Zone sets it by the job"),
              Map.entry("spark.driver.memoryOverhead", "nothing: Zone sets it by the job"),
              Map.entry("spark.driver.extraJavaOptions", "nothing: Zone sets what ND4J needs"),
              Map.entry("spark.driver.supervise", "nothing: a driver that died is resumed"),
              Map.entry("spark.task.cpus", "the job's resources.perWorker.cores"),
              Map.entry("spark.cores.max", "the job's resources.workers"),
              Map.entry("spark.executor.resource.gpu.amount", "the job's resources.perWorker.gpus"),
              Map.entry("spark.task.resource.gpu.amount", "the job's resources.perWorker.gpus"),
              Map.entry("spark.plugins", "nothing: Zone keeps the run's record by it"),
              Map.entry("spark.yarn.queue", "the key queue"),
              Map.entry("spark.yarn.tags", "nothing: Zone finds its applications by them"),
              Map.entry("spark.yarn.jars", "nothing: the bundle says what is loaded"),
              Map.entry("spark.yarn.archive", "nothing: the bundle says what is loaded"),
              Map.entry("spark.yarn.maxAppAttempts", "nothing: a driver that died is resumed"),
              Map.entry("spark.yarn.submit.waitAppCompletion", "nothing: zone wait waits"),
              Map.entry("spark.kubernetes.namespace", "the key kubernetes.namespace"),
              Map.entry("spark.kubernetes.container.image", "the key kubernetes.image"),
              Map.entry("spark.kubernetes.context", "the key kubernetes.context"),
              Map.entry(
                  "spark.kubernetes.driver.podTemplateFile", "the key kubernetes.podTemplate"),
              Map.entry(
                  "spark.kubernetes.executor.podTemplateFile", "the key kubernetes.podTemplate"),
              Map.entry(
                  "spark.kubernetes.authenticate.driver.serviceAccountName",
                  "the key kubernetes.serviceAccount")));

  /** What a barrier stage, all of whose workers run at once or not at all, does not bear. */
  private static final Map<String, String> BREAKING =
      new TreeMap<>(
          Map.of(
              "spark.dynamicAllocation.enabled",
              "false: workers that train together come and go together (barrier mode)",
              "spark.speculation",
              "false: a second copy of a worker breaks the training (barrier mode)",
              "spark.task.maxFailures",
              "1, which Zone sets: the job's retry says how often a training is tried again",
              "spark.stage.maxConsecutiveAttempts",
              "1, which Zone sets: the job's retry says how often a training is tried again",
              "spark.barrier.sync.timeout",
              "nothing: Zone sets it by the job's resources.deadlineSeconds",
              "spark.excludeOnFailure.enabled",
              "false: Zone replaces workers itself"));

  private static final Pattern NAME = Pattern.compile("spark(\\.[A-Za-z0-9_-]+)+");

  private static final Pattern SECRET =
      Pattern.compile(
          ".*(password|passwd|secret|credential|token|private[._-]?key|access[._-]?key).*");

  /** Names that only sound like secrets. */
  private static final List<String> HARMLESS_ENDINGS =
      List.of(".enabled", "file", "path", ".class", "provider", "renewal", "interval", "algorithm");

  private SparkProperties() {}

  /** What is wrong with setting it, as {@code (expected …)} says it; empty if nothing is. */
  static Optional<String> objection(String name, String value) {
    if (!NAME.matcher(name).matches()) {
      return Optional.of("a property that begins with spark.");
    }
    if (OWNED.containsKey(name)) {
      return Optional.of(OWNED.get(name));
    }
    if (BREAKING.containsKey(name) && !isHarmless(name, value)) {
      return Optional.of(BREAKING.get(name));
    }
    return isSecret(name)
        ? Optional.of(
            "no secrets in a file that many read; spark-defaults.conf of SPARK_CONF_DIR takes them")
        : Optional.empty();
  }

  /** Names that somebody may have meant by one that Zone does not know. */
  static List<String> known() {
    List<String> names = new ArrayList<>(OWNED.keySet());
    names.addAll(BREAKING.keySet());
    return names;
  }

  /** Whether a name, of a property or of a variable, is one of a secret. */
  static boolean isSecret(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return SECRET.matcher(lower).matches() && HARMLESS_ENDINGS.stream().noneMatch(lower::endsWith);
  }

  private static boolean isHarmless(String name, String value) {
    boolean isSwitch = !name.contains("max") && !name.endsWith("timeout");
    return isSwitch ? value.equals("false") : name.contains(".max") && value.equals("1");
  }
}
