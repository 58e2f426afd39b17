package dev.zone.launcher.zones;

import dev.zone.conf.CentreSpec.GpuSpec;
import dev.zone.conf.DataSize;
import dev.zone.conf.Footprint;
import dev.zone.conf.error.Problems;
import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.storage.Storage;
import dev.zone.launcher.bundle.Versions;
import dev.zone.launcher.kubernetes.ApiServer;
import dev.zone.launcher.master.StandaloneMaster;
import dev.zone.launcher.master.StandaloneMaster.Places;
import dev.zone.launcher.yarn.ResourceManager;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * Tries whether a centre is there and does what a job needs: master, free places, storage, clock.
 */
public final class CentreTrial {
  /** More than this and times of different machines cannot be compared. */
  private static final Duration MOST_SKEW = Duration.ofMinutes(1);

  private final Centre centre;
  private final Map<String, String> environment;
  private final Clock clock;
  private final List<String> findings = new ArrayList<>();

  public CentreTrial(Centre centre, Map<String, String> environment, Clock clock) {
    this.centre = centre;
    this.environment = environment;
    this.clock = clock;
  }

  /**
   * Tries all of it.
   *
   * @param problems receives what does not work
   * @return what was found, a line each, for people
   */
  public List<String> run(Problems problems) {
    attempt(problems, () -> master(problems));
    attempt(problems, () -> storage(problems));
    return List.copyOf(findings);
  }

  private void attempt(Problems problems, Runnable trial) {
    try {
      trial.run();
    } catch (ZoneException e) {
      problems.add(centre.title(), e.getMessage());
    }
  }

  private void master(Problems problems) {
    if (centre.spec().isYarn()) {
      yarn(problems);
      return;
    }
    if (centre.spec().isKubernetes()) {
      kubernetes(problems);
      return;
    }
    if (centre.spec().isLocal()) {
      findings.add("master: this machine");
      return;
    }
    StandaloneMaster master = new StandaloneMaster(centre.spec());
    String version = master.version();
    findings.add("master: " + centre.spec().master() + " runs Spark " + version);
    if (!Versions.minor(version).equals(Versions.minor(Versions.ofThisBuild().spark()))) {
      problems.add(
          centre.title(),
          "Cannot run jobs on Spark %s (expected %s.x, as Zone is built with)"
              .formatted(version, Versions.minor(Versions.ofThisBuild().spark())));
    }
    Places places = master.places();
    DataSize heap = Footprint.SMALLEST_WORKER_HEAP;
    findings.add(
        "places: %d of %d cores free, on %d machines; %d workers of the default size fit now"
            .formatted(
                places.freeCores(),
                places.cores(),
                places.workers().size(),
                places.slots(1, heap, 0)));
    long described =
        centre.spec().machines().stream().mapToLong(one -> (long) one.count() * one.cores()).sum();
    if (places.cores() != described) {
      findings.add(
          "note: the zone file describes %d cores, the master has %d"
              .formatted(described, places.cores()));
    }
    gpus(OptionalLong.of(places.freeGpus()), places.gpus(), problems);
  }

  /** What the cluster offers; what the devices are worth their machines alone can tell. */
  private void gpus(OptionalLong free, long all, Problems problems) {
    long described =
        centre.spec().machines().stream()
            .mapToLong(one -> one.count() * one.gpus().map(GpuSpec::count).orElse(0))
            .sum();
    if (described == 0 && all == 0) {
      return;
    }
    findings.add(
        "GPUs: %s; each run looks at its own before it trains"
            .formatted(
                free.isPresent() ? free.getAsLong() + " of " + all + " free" : all + " together"));
    if (all < described) {
      problems.add(
          centre.title(),
          "Cannot find all GPUs: the cluster offers %d (expected %d, as the zone file describes; docs/clusters.md says how machines offer theirs)"
              .formatted(all, described));
    }
  }

  private void yarn(Problems problems) {
    try (ResourceManager yarn = ResourceManager.of(centre.hadoopFiles())) {
      List<ResourceManager.Node> nodes = yarn.nodes();
      findings.add("master: YARN at " + yarn.address() + " answers");
      long free = nodes.stream().mapToLong(one -> one.total().cores() - one.used().cores()).sum();
      ResourceManager.Amount each =
          new ResourceManager.Amount(Footprint.SMALLEST_WORKER_HEAP, 1, 0);
      findings.add(
          "places: %d of %d cores free, on %d machines; %d workers of the default size fit now"
              .formatted(
                  free,
                  nodes.stream().mapToLong(one -> one.total().cores()).sum(),
                  nodes.size(),
                  nodes.stream().mapToInt(one -> one.places(each)).sum()));
      gpus(
          OptionalLong.of(
              nodes.stream().mapToLong(one -> one.total().gpus() - one.used().gpus()).sum()),
          nodes.stream().mapToLong(one -> one.total().gpus()).sum(),
          problems);
      ResourceManager.Queue queue =
          yarn.requireQueue(centre.spec().queueOrDefault(), centre.title());
      findings.add(
          "queue: %s has %.0f %% of the cluster, of which %.0f %% are used"
              .formatted(queue.name(), queue.share(), queue.used()));
    }
  }

  private void kubernetes(Problems problems) {
    try (ApiServer server = ApiServer.of(centre.spec())) {
      findings.add(
          "master: Kubernetes %s at %s answers"
              .formatted(server.version(), centre.spec().master().substring("k8s://".length())));
      server.requirePermission(centre.title());
      String namespace = centre.spec().kubernetes().orElseThrow().namespace();
      findings.add("namespace: you may make pods in " + namespace);
      server
          .nodes()
          .ifPresentOrElse(
              nodes -> {
                findings.add(
                    "places: %d nodes with %d cores together, whoever holds them"
                        .formatted(nodes.count(), nodes.cores()));
                gpus(OptionalLong.empty(), nodes.gpus(), problems);
              },
              () -> findings.add("places: not known, as you may not see the nodes"));
    }
  }

  private void storage(Problems problems) {
    String folder = ".trial-" + UUID.randomUUID();
    String name = folder + "/file";
    byte[] content = "zone".getBytes(StandardCharsets.UTF_8);
    try (Storage storage = centre.open(environment)) {
      storage.makeFolders(folder);
      try {
        storage.create(name, content);
        try (Storage.StoredFile file = storage.open(name)) {
          if (!java.util.Arrays.equals(file.bytes().readAllBytes(), content)) {
            throw new IOException("what was written is not what is read");
          }
        }
        checkClock(storage, name, problems);
        storage.rename(folder, folder + "-renamed");
        folder = folder + "-renamed";
      } finally {
        storage.deleteTree(folder);
      }
      findings.add("storage: " + storage.place("") + " can be written, read and listed");
    } catch (IOException e) {
      throw ZoneException.environment(
          "Cannot use the storage: %s (%s; expected a folder that can be written)"
              .formatted(centre.spec().storage(), reason(e)),
          e);
    }
  }

  private void checkClock(Storage storage, String name, Problems problems) throws IOException {
    Instant written = storage.modified(name);
    Duration skew = Duration.between(clock.instant(), written);
    if (skew.abs().compareTo(MOST_SKEW) > 0) {
      problems.add(
          centre.title(),
          "Cannot trust the clocks: the storage's is %d s %s of this machine's (expected at most %d s; NTP on both helps)"
              .formatted(
                  skew.abs().toSeconds(),
                  skew.isNegative() ? "behind" : "ahead",
                  MOST_SKEW.toSeconds()));
    }
  }

  private static String reason(IOException e) {
    if (e instanceof java.nio.file.AccessDeniedException) {
      return "no permission";
    }
    return e instanceof java.nio.file.FileSystemException told && told.getReason() != null
        ? told.getReason()
        : String.valueOf(e.getMessage());
  }
}
