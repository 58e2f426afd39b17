package dev.zone.jobs.training;

import dev.zone.conf.SplitSpec.Split;
import dev.zone.conf.TaskSpec;
import dev.zone.conf.TrainingSpec;
import dev.zone.datasets.ExampleSet;
import dev.zone.datasets.PreparedManifest;
import dev.zone.datasets.PreparedManifest.Input;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What one training needs of job and data; the same on every rank.
 *
 * @param fold from 1; 1 if there is no cross-validation
 * @param examples the prepared examples of a split that {@code manifest} counts
 */
public record Job(
    TaskSpec task,
    TrainingSpec training,
    PreparedManifest manifest,
    Function<Split, ExampleSet> examples,
    int fold) {
  public List<Input> inputs() {
    return manifest.inputs();
  }

  public int targetWidth() {
    return manifest.targetWidth();
  }

  public int count(Split split) {
    return manifest.counts().getOrDefault(split, 0);
  }

  public boolean has(Split split) {
    return count(split) > 0;
  }

  /** Numbers that a model of the task puts out for a target. */
  public static int outputs(TaskSpec task, PreparedManifest manifest) {
    return task instanceof TaskSpec.Multiclass ? manifest.classes().size() : manifest.targetWidth();
  }

  public int batchesPerEpoch() {
    return batchesPerEpoch(count(Split.TRAIN), training.batchSize());
  }

  /** Batches of an epoch, the last short one included. */
  public static int batchesPerEpoch(int examples, int batchSize) {
    return (examples + batchSize - 1) / batchSize;
  }

  List<Long> classCounts() {
    Map<Split, List<Long>> counts = manifest.classCounts();
    return counts.getOrDefault(Split.TRAIN, List.of());
  }
}
