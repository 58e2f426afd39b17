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
import dev.zone.launcher.plan.CacheFolder;
import dev.zone.launcher.submit.Cluster.Phase;
import dev.zone.launcher.submit.Cluster.Standing;
import dev.zone.launcher.zones.Centre;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;

/**
 * Looks at a centre's GPUs on the machines that have them, through an application that trains
 * nothing: drivers, capabilities, memory and libraries are the machines', and a job that finds them
 * wanting has waited for its turn.
 */
public final class GpuTrial {
  /** So long a cluster may take to start the driver, and the driver to look. */
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private static final long LOOK_EVERY_NANOS = 200_000_000L;
  private static final int MOST_BYTES = 1 << 20;

  /** In the probe's folder. */
  private static final String FOUND = "/gpus";

  private final Centre centre;
  private final Distribution distribution;
  private final Map<String, String> environment;
  private final ProbedCluster cluster;

  /**
   * A trial of a centre that {@link #suits}.
   *
   * @throws IllegalArgumentException of one that does not
   */
  public GpuTrial(
      Centre centre,
      Distribution distribution,
      Map<String, String> environment,
      Clusters clusters) {
    this.centre = centre;
    this.distribution = distribution.with(centre.spec().sparkHome());
    this.environment = Map.copyOf(environment);
    if (!(clusters.of(centre) instanceof ProbedCluster probed)) {
      throw new IllegalArgumentException(centre.title() + " runs no drivers");
    }
    this.cluster = probed;
  }

  /** Whether a centre is one whose GPUs can be looked at: its drivers run in the cluster. */
  public static boolean suits(CentreSpec centre) {
    return !centre.isLocal() && centre.deployMode() == DeployMode.CLUSTER && described(centre) > 0;
  }

  private static int described(CentreSpec centre) {
    return centre.machines().stream()
        .mapToInt(one -> Math.multiplyExact(one.count(), one.gpus().map(GpuSpec::count).orElse(0)))
        .reduce(0, Math::addExact);
  }

  /**
   * Looks at those that are free.
   *
   * @param problems receives what is wrong with them
   * @return what was found, a line each, for people
   * @throws ZoneException of the environment if the cluster or its storage does not answer
   */
  public List<String> run(Problems problems) {
    String name = "zone-gpus-" + UUID.randomUUID();
    String folder = "." + name;
    try (Storage storage = centre.open(environment)) {
      storage.makeFolders(folder);
      Optional<JsonObject> handle = Optional.empty();
      try {
        handle =
            Optional.of(
                cluster.submit(
                    new Probe(
                        centre,
                        name,
                        storage.place(folder),
                        jars(storage),
                        described(centre.spec()))));
        return await(handle.get(), storage, folder + FOUND, problems);
      } finally {
        handle.ifPresent(cluster::kill);
        storage.deleteTree(folder);
      }
    } catch (IOException e) {
      throw ZoneException.environment(
          "Cannot look at the GPUs of %s: %s".formatted(centre.title(), e.getMessage()), e);
    }
  }

  /** The probe and what it looks with: none of what training needs. */
  private List<String> jars(Storage storage) {
    ApplicationJars all = new ApplicationJars(distribution, CacheFolder.of(environment));
    List<ApplicationJars.Jar> jars =
        new ArrayList<>(all.named("zone-jobs-", "dev.zone.zone-conf-", "dev.zone.zone-datasets-"));
    if (centre.spec().isYarn()) {
      jars.add(all.sparkArchive());
    }
    return new Sending(storage).jars(jars).stream().map(storage::place).toList();
  }

  private List<String> await(JsonObject handle, Storage storage, String file, Problems problems)
      throws IOException {
    long until = System.nanoTime() + LIMIT.toNanos();
    boolean began = false;
    while (!storage.exists(file)) {
      Standing standing = cluster.standing(handle);
      if (standing.phase() == Phase.ENDED && !storage.exists(file)) {
        throw ZoneException.environment(
            "Cannot look at the GPUs of %s: %s (expected the cluster's log of it to say why)"
                .formatted(centre.title(), standing.words()),
            null);
      }
      if (!began && standing.phase() == Phase.RUNNING) {
        began = true;
        until = System.nanoTime() + LIMIT.toNanos();
      }
      if (System.nanoTime() > until) {
        return List.of(
            "GPUs: not looked at, as %s for %d s"
                .formatted(
                    began
                        ? "the driver that is to look has not answered"
                        : "the cluster has had no place for a driver",
                    LIMIT.toSeconds()));
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
                    ? "; the others did not come within a minute"
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
