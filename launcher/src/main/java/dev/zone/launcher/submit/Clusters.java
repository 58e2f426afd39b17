package dev.zone.launcher.submit;

import com.google.gson.JsonObject;
import dev.zone.conf.CentreSpec;
import dev.zone.launcher.bundle.Distribution;
import dev.zone.launcher.zones.Centre;
import java.util.function.Supplier;

/** The clusters of centres. */
public final class Clusters {
  private final ApplicationCommand command;
  private final Supplier<Distribution> distribution;

  /**
   * @param command starts drivers on this machine
   */
  public Clusters(ApplicationCommand command, Supplier<Distribution> distribution) {
    this.command = command;
    this.distribution = distribution;
  }

  /** What starts drivers at a centre. */
  public Cluster of(Centre centre) {
    CentreSpec spec = centre.spec();
    Distribution used = distribution.get().with(spec.sparkHome());
    if (spec.isLocal()
        || spec.isStandalone() && spec.deployMode() == CentreSpec.DeployMode.CLIENT) {
      return new DriverHere(command, used);
    }
    if (spec.isStandalone()) {
      return new StandaloneCluster(spec);
    }
    if (spec.isYarn()) {
      return new YarnCluster(centre, used);
    }
    return new KubernetesCluster(centre, used);
  }

  /** What knows of something that was handed over, however the centre is described now. */
  public Cluster knowing(JsonObject handle, Centre centre) {
    return handle.has("pid") && !handle.has(HandingOver.TAG)
        ? new DriverHere(command, distribution.get())
        : of(centre);
  }
}
