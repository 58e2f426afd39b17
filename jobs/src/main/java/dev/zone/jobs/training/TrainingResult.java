package dev.zone.jobs.training;

import dev.zone.conf.SplitSpec.Split;
import dev.zone.jobs.evaluation.Predictions;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * What a training came to; the same on every rank.
 *
 * @param parameters of the exported model [n]
 * @param steps optimizer steps done
 * @param epochs epochs done
 * @param exportedEpoch the epoch whose parameters are exported, from 1; 0 if none was completed
 * @param cancelled whether somebody asked for the end; nothing was predicted then
 * @param examplesSeen by all ranks together
 * @param seconds from the first step to the last epoch's end
 * @param predictions of the exported model by split: validation and test, as far as the data have
 *     them
 * @param losses mean loss of these
 */
public record TrainingResult(
    float[] parameters,
    int steps,
    int epochs,
    int exportedEpoch,
    boolean cancelled,
    long examplesSeen,
    double seconds,
    Map<Split, Predictions> predictions,
    Map<Split, Double> losses) {
  public TrainingResult {
    predictions = ordered(predictions);
    losses = ordered(losses);
  }

  private static <V> Map<Split, V> ordered(Map<Split, V> map) {
    Map<Split, V> copy = new EnumMap<>(Split.class);
    copy.putAll(map);
    return Collections.unmodifiableMap(copy);
  }

  @Override
  public String toString() {
    return "TrainingResult[steps="
        + steps
        + ", epochs="
        + epochs
        + ", exportedEpoch="
        + exportedEpoch
        + "]";
  }
}
