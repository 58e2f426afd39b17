package dev.zone.jobs.spark;

import dev.zone.jobs.model.NetworkConfiguration;
import dev.zone.jobs.update.EngineChoice;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;

/**
 * What the driver sends to every rank: values only, read from Spark's own channel.
 *
 * @param planYaml the text of {@code plan.yaml}
 * @param runFolder path or URI that all workers reach
 * @param fits the trainings to do, one after the other: the folds of a cross-validation and the
 *     final one, or just one
 * @param secret by which ranks know each other
 * @param attempt of the run, from 1
 * @param from name of the checkpoint to go on from; null to begin at the beginning
 */
record RankPayload(
    String planYaml, String runFolder, List<Fit> fits, byte[] secret, int attempt, String from)
    implements Serializable {
  RankPayload {
    fits = List.copyOf(fits);
    secret = secret.clone();
  }

  RankPayload ofAttempt(int number, Optional<String> checkpoint) {
    return new RankPayload(planYaml, runFolder, fits, secret, number, checkpoint.orElse(null));
  }

  Optional<String> checkpoint() {
    return Optional.ofNullable(from);
  }

  /**
   * @param prepared folder of the prepared examples
   * @param network the network made for them
   * @param engine that computes it
   */
  record Fit(String prepared, NetworkConfiguration network, EngineChoice.Engine engine)
      implements Serializable {}

  @Override
  public String toString() {
    return "RankPayload[" + runFolder + ", " + fits.size() + " fits, attempt " + attempt + "]";
  }
}
