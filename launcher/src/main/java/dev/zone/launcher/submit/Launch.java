package dev.zone.launcher.submit;

import dev.zone.conf.PlanSpec;
import dev.zone.launcher.plan.Master;
import dev.zone.launcher.zones.Centre;
import java.util.List;

/**
 * A launch of a run, ready to be handed to a centre's cluster.
 *
 * @param mode run or resume
 * @param folder the run's, as the centre's machines see it: a path or a URI
 * @param number of the launch, from 1
 * @param jars the application's, as the centre's machines see them: paths or URIs
 * @param cache folder for prepared data, which all of the centre's machines see
 */
public record Launch(
    Submission.Mode mode,
    String folder,
    int number,
    PlanSpec plan,
    Master master,
    Centre centre,
    List<String> jars,
    String cache) {
  public Launch {
    jars = List.copyOf(jars);
  }

  /** The jar with the application's entry. */
  String applicationJar() {
    return applicationJar(jars);
  }

  /** Of jars the one with the application's entry. */
  static String applicationJar(List<String> jars) {
    return jars.stream()
        .filter(jar -> jar.substring(jar.lastIndexOf('/') + 1).startsWith("zone-jobs-"))
        .findFirst()
        .orElseThrow();
  }
}
