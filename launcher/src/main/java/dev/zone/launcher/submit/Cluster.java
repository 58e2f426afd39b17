package dev.zone.launcher.submit;

import com.google.gson.JsonObject;
import dev.zone.conf.PlanSpec;
import dev.zone.conf.error.ZoneException;

/** What starts drivers at a centre, and knows what became of them. */
public interface Cluster {
  /**
   * How a driver stands.
   *
   * @param words for people: what the cluster says of it
   */
  record Standing(Phase phase, String words) {}

  /** The phases of a driver's life, as a cluster sees it. */
  enum Phase {
    /** The cluster has it and will start it. */
    WAITING,
    RUNNING,
    /** It ended, however. */
    ENDED,
    /** The cluster does not know it, or does not answer. */
    UNKNOWN
  }

  /**
   * Finds out, before anything is written, what keeps the cluster from ever running a plan.
   *
   * @throws ZoneException if something does
   */
  default void requireReady(PlanSpec plan) {
    // Handing over tells.
  }

  /**
   * Has a launch started, soon. Returns when the cluster has accepted it, not when it runs.
   *
   * @return what the cluster calls it
   * @throws ZoneException of the environment if the cluster does not accept it
   */
  JsonObject submit(Launch launch);

  /**
   * What became of what was submitted. Never throws: a cluster that does not answer is an answer.
   */
  Standing standing(JsonObject handle);

  /**
   * Ends what was submitted, at once; nothing if it ended.
   *
   * @throws ZoneException of the environment if the cluster does not answer
   */
  void kill(JsonObject handle);
}
