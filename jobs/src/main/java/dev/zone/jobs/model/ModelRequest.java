package dev.zone.jobs.model;

import dev.zone.conf.ModelSpec;
import dev.zone.conf.TaskSpec;
import dev.zone.conf.TrainingSpec;
import dev.zone.datasets.PreparedManifest;
import dev.zone.jobs.window.StepTargets;
import java.nio.file.Path;
import java.util.List;

/**
 * What a network is made for.
 *
 * @param model the architecture or file
 * @param task decides output layer and loss
 * @param training decides updater, schedule, penalties, clipping and seed
 * @param inputs of the prepared data, in order
 * @param outputs width of the output layer that the task needs
 * @param targetSteps targets of an example: 1, or as many as its window has steps
 * @param batchesPerEpoch global batches of one epoch
 * @param modelFiles the folder that a file of the model is in
 */
public record ModelRequest(
    ModelSpec model,
    TaskSpec task,
    TrainingSpec training,
    List<PreparedManifest.Input> inputs,
    int outputs,
    int targetSteps,
    int batchesPerEpoch,
    Path modelFiles) {
  public ModelRequest {
    inputs = List.copyOf(inputs);
    if (outputs < 1 || targetSteps < 1 || batchesPerEpoch < 1) {
      throw new IllegalArgumentException(
          "Cannot make a model for %d outputs, %d targets an example and %d batches an epoch (expected 1 or more)"
              .formatted(outputs, targetSteps, batchesPerEpoch));
    }
  }

  /** For examples of one target each. */
  public ModelRequest(
      ModelSpec model,
      TaskSpec task,
      TrainingSpec training,
      List<PreparedManifest.Input> inputs,
      int outputs,
      int batchesPerEpoch,
      Path modelFiles) {
    this(model, task, training, inputs, outputs, 1, batchesPerEpoch, modelFiles);
  }

  /** How the job wants windows to be learned; a file may say more. */
  StepTargets targets() {
    return StepTargets.of(targetSteps, training.tbpttLength());
  }

  /** Optimizer steps of one epoch, which schedules count in. */
  int stepsPerEpoch(StepTargets targets) {
    return Math.multiplyExact(batchesPerEpoch, targets.segments());
  }
}
