package dev.zone.jobs.spark;

import dev.zone.jobs.model.NetworkConfiguration;
import java.io.Serializable;
import java.util.List;

/**
 * What the driver sends to every rank: values only, read from Spark's own channel.
 *
 * @param planYaml the text of {@code plan.yaml}
 * @param runFolder path that all workers reach
 * @param fits the trainings to do, one after the other: the folds of a cross-validation and the
 *     final one, or just one
 * @param secret by which ranks know each other
 * @param deadlineSeconds the longest that a rank waits for the others
 */
record RankPayload(
    String planYaml, String runFolder, List<Fit> fits, byte[] secret, int deadlineSeconds)
    implements Serializable {
  RankPayload {
    fits = List.copyOf(fits);
    secret = secret.clone();
  }

  /**
   * @param prepared folder of the prepared examples
   * @param network the network made for them
   */
  record Fit(String prepared, NetworkConfiguration network) implements Serializable {}

  @Override
  public String toString() {
    return "RankPayload[" + runFolder + ", " + fits.size() + " fits]";
  }
}
