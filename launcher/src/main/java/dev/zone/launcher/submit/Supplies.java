package dev.zone.launcher.submit;

import dev.zone.conf.CentreSpec.DeployMode;
import dev.zone.conf.PlanSpec;
import dev.zone.conf.error.Problems;
import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.storage.Storage;
import dev.zone.launcher.bundle.ApplicationJars;
import dev.zone.launcher.bundle.ClassPathCheck;
import dev.zone.launcher.bundle.Distribution;
import dev.zone.launcher.bundle.Sending;
import dev.zone.launcher.bundle.Versions;
import dev.zone.launcher.plan.CacheFolder;
import dev.zone.launcher.zones.Centre;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a run needs to be at a centre before it can start there: jars that go together, and data.
 */
public final class Supplies {
  private final Distribution distribution;
  private final Map<String, String> environment;

  public Supplies(Distribution distribution, Map<String, String> environment) {
    this.distribution = distribution;
    this.environment = Map.copyOf(environment);
  }

  /**
   * A plan with its data where a centre's machines see them: sent to its storage, unless they are
   * there or on a folder that all have mounted.
   */
  public PlanSpec placed(PlanSpec plan, Centre centre) {
    try (Storage storage = centre.open(environment)) {
      return placed(plan, new Sending(storage), storage, centre);
    } catch (IOException e) {
      throw ZoneException.environment("Cannot close the storage: " + e.getMessage(), e);
    }
  }

  static PlanSpec placed(PlanSpec plan, Sending sending, Storage storage, Centre centre) {
    // A driver that runs here reads them here.
    if (plan.dataRoot().isEmpty() || centre.spec().deployMode() == DeployMode.CLIENT) {
      return plan;
    }
    String root = plan.dataRoot().get();
    boolean seen =
        root.startsWith(storage.place("") + "/")
            || centre.spec().shared().stream().anyMatch(Path.of(root)::startsWith);
    return seen ? plan : plan.withDataRoot(storage.place(sending.data(plan, Path.of(root))));
  }

  List<String> jars(
      Sending sending,
      Storage storage,
      Centre centre,
      PlanSpec plan,
      Optional<List<ApplicationJars.Jar>> bundled) {
    if (centre.spec().deployMode() == DeployMode.CLIENT) {
      return List.of();
    }
    ApplicationJars own = applicationJars(centre);
    List<ApplicationJars.Jar> jars =
        new ArrayList<>(bundled.orElseGet(() -> own.of(plan, centre.spec().cudaLibraries())));
    if (centre.spec().isYarn()) {
      jars.add(own.sparkArchive());
    }
    return sending.jars(jars).stream().map(storage::place).toList();
  }

  /**
   * Makes sure that the jars that are to run are there.
   *
   * @param bundled those of a bundle; the distribution's if empty
   * @throws ZoneException of the environment if those of GPUs are needed and not there, of the
   *     user's if a driver here would run other jars than the bundle's
   */
  void requireApplication(
      Centre centre, PlanSpec plan, Optional<List<ApplicationJars.Jar>> bundled) {
    ApplicationJars own = applicationJars(centre);
    if (bundled.isEmpty()) {
      own.cuda(plan, centre.spec().cudaLibraries());
      return;
    }
    if (centre.spec().deployMode() == DeployMode.CLIENT) {
      Map<String, String> there = digests(own.of(plan, centre.spec().cudaLibraries()));
      Map<String, String> packaged = digests(bundled.get());
      Optional<String> other =
          packaged.keySet().stream()
              .filter(name -> !packaged.get(name).equals(there.get(name)))
              .findFirst();
      if (other.isPresent()) {
        throw ZoneException.user(
            "Cannot submit the bundle to %s: its %s is not this distribution's, which a driver on this machine runs (expected deployMode: cluster, or the distribution that packaged it)"
                .formatted(centre.title(), other.get()));
      }
    }
  }

  private static Map<String, String> digests(List<ApplicationJars.Jar> jars) {
    Map<String, String> digests = new TreeMap<>();
    jars.forEach(jar -> digests.put(jar.name(), jar.sha256()));
    return digests;
  }

  ApplicationJars applicationJars(Centre centre) {
    return new ApplicationJars(
        distribution.with(centre.spec().sparkHome()), CacheFolder.of(environment));
  }

  /**
   * Makes sure that the application's jars go with the site's own Spark, if a centre has one.
   *
   * @throws dev.zone.conf.error.InvalidInputException with each two jars that do not
   */
  public void requireClassPath(Centre centre) {
    Problems problems = new Problems();
    centre
        .spec()
        .sparkHome()
        .ifPresent(
            home ->
                ClassPathCheck.check(
                    Path.of(home),
                    distribution,
                    Versions.ofThisBuild(),
                    centre.title() + ".sparkHome",
                    problems));
    problems.throwIfAny();
  }
}
