package dev.zone.launcher.submit;

import com.google.gson.JsonObject;
import dev.zone.conf.CentreSpec;
import dev.zone.conf.CentreSpec.DeployMode;
import dev.zone.conf.CentreSpec.GpuSpec;
import dev.zone.conf.error.Problems;
import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.storage.Storage;
import dev.zone.launcher.bundle.ApplicationJars;
import dev.zone.launcher.bundle.Distribution;
import dev.zone.launcher.bundle.Sending;
import dev.zone.launcher.master.StandaloneMaster;
import dev.zone.launcher.plan.CacheFolder;
import dev.zone.launcher.zones.Centre;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Looks at a standalone centre's GPUs on the machines that have them, through an application that
 * trains nothing: drivers, capabilities, memory and libraries are the machines', and a job that
 * finds them wanting has waited for its turn.
 */
public final class GpuTrial {
  private static final String PROBE = "dev.zone.jobs.spark.GpuProbe";
  private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(90);
  private static final long LOOK_EVERY_NANOS = 200_000_000L;
  private static final int MOST_BYTES = 1 << 20;
  private static final String MEMORY = "512m";

  private final Centre centre;
  private final Distribution distribution;
  private final Map<String, String> environment;

  public GpuTrial(Centre centre, Distribution distribution, Map<String, String> environment) {
    this.centre = centre;
    this.distribution = distribution;
    this.environment = Map.copyOf(environment);
  }

  /** Whether a centre is one whose GPUs can be looked at: its drivers run in the cluster. */
  public static boolean suits(CentreSpec centre) {
    return centre.isStandalone()
        && centre.deployMode() == DeployMode.CLUSTER
        && described(centre) > 0;
  }

  private static long described(CentreSpec centre) {
    return centre.machines().stream()
        .mapToLong(one -> (long) one.count() * one.gpus().map(GpuSpec::count).orElse(0))
        .sum();
  }

  /**
   * Looks at those that are free.
   *
   * @param problems receives what is wrong with them
   * @return what was found, a line each, for people
   * @throws ZoneException of the environment if the cluster or its storage does not answer
   */
  public List<String> run(Problems problems) {
    StandaloneMaster master = new StandaloneMaster(centre.spec());
    String folder = ".probe-" + UUID.randomUUID();
    try (Storage storage = centre.open(environment)) {
      storage.makeFolders(folder);
      String driver = "";
      try {
        driver = master.submit(request(storage, folder + "/gpus"));
        return await(master, driver, storage, folder + "/gpus", problems);
      } finally {
        if (!driver.isEmpty()) {
          master.kill(driver);
        }
        storage.deleteTree(folder);
      }
    } catch (IOException e) {
      throw ZoneException.environment(
          "Cannot look at the GPUs of %s: %s".formatted(centre.title(), e.getMessage()), e);
    }
  }

  private JsonObject request(Storage storage, String file) {
    CentreSpec spec = centre.spec();
    // The probe and what it looks with: none of what training needs.
    List<ApplicationJars.Jar> jars =
        new ApplicationJars(distribution, CacheFolder.of(environment))
            .named("zone-jobs-", "dev.zone.zone-conf-");
    List<String> places = new Sending(storage).jars(jars).stream().map(storage::place).toList();
    Map<String, String> properties = new LinkedHashMap<>(spec.spark());
    long gpus = described(spec);
    properties.put("spark.app.name", "zone-gpus");
    properties.put("spark.ui.enabled", "false");
    properties.put("spark.driver.memory", MEMORY);
    properties.put("spark.executor.memory", MEMORY);
    properties.put("spark.executor.cores", "1");
    properties.put("spark.cores.max", Long.toString(gpus));
    properties.put("spark.executor.resource.gpu.amount", "1");
    properties.put("spark.task.resource.gpu.amount", "1");
    return StandaloneCluster.request(
        spec,
        PROBE,
        List.of(
            storage.place(file),
            Long.toString(gpus),
            spec.cudaLibraries().name().toLowerCase(Locale.ROOT)),
        places,
        spec.environment(),
        properties);
  }

  private List<String> await(
      StandaloneMaster master, String driver, Storage storage, String file, Problems problems)
      throws IOException {
    long until = System.nanoTime() + LIMIT_NANOS;
    while (!storage.exists(file)) {
      String state = master.driver(driver).state().orElse("UNKNOWN");
      boolean ended = List.of("FINISHED", "FAILED", "ERROR", "KILLED").contains(state);
      if (ended && !storage.exists(file)) {
        throw ZoneException.environment(
            "Cannot look at the GPUs of %s: the master says that %s is %s (expected its log to say why)"
                .formatted(centre.title(), driver, state),
            null);
      }
      if (System.nanoTime() > until) {
        return List.of(
            "GPUs: not looked at, as the cluster has had no place for a driver for "
                + TimeUnit.NANOSECONDS.toSeconds(LIMIT_NANOS)
                + " s");
      }
      LockSupport.parkNanos(LOOK_EVERY_NANOS);
    }
    try (Storage.StoredFile stored = storage.open(file)) {
      byte[] bytes = stored.bytes().readNBytes(MOST_BYTES);
      return read(new String(bytes, StandardCharsets.UTF_8), problems);
    }
  }

  private List<String> read(String text, Problems problems) {
    List<String> findings = new ArrayList<>();
    List<String> lines = text.lines().sorted().toList();
    findings.add(
        "GPUs: looked at %d of %d%s"
            .formatted(
                lines.size(),
                described(centre.spec()),
                lines.size() < described(centre.spec())
                    ? "; the others did not come within 30 s"
                    : ""));
    for (String line : lines) {
      String[] fields = line.split("\t");
      if (fields.length < 3) {
        continue;
      }
      String what = "GPU %s of %s, %s".formatted(fields[1], fields[0], fields[2]);
      if (fields.length == 3) {
        findings.add(what + ": jobs can train on it");
      }
      for (int i = 3; i < fields.length; i++) {
        problems.add(centre.title(), "Cannot train on " + what + ": " + fields[i]);
      }
    }
    return findings;
  }
}
