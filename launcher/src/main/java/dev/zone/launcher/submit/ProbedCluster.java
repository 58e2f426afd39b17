package dev.zone.launcher.submit;

import com.google.gson.JsonObject;
import dev.zone.conf.error.ZoneException;

/** A cluster that runs drivers itself, one of which may look at its GPUs. */
interface ProbedCluster extends Cluster {
  /**
   * Has the look started, soon.
   *
   * @return what the cluster calls it
   * @throws ZoneException of the environment if the cluster does not accept it
   */
  JsonObject submit(Probe probe);
}
