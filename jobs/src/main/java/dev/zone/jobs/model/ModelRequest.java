package dev.zone.jobs.model;

import dev.zone.conf.ModelSpec;
import dev.zone.conf.TaskSpec;
import dev.zone.conf.TrainingSpec;
import dev.zone.datasets.PreparedManifest;
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
 * @param stepsPerEpoch optimizer steps of one epoch, which schedules count in
 * @param modelFiles the folder that a file of the model is in
 */
public record ModelRequest(
    ModelSpec model,
    TaskSpec task,
    TrainingSpec training,
    List<PreparedManifest.Input> inputs,
    int outputs,
    int stepsPerEpoch,
    Path modelFiles) {
  public ModelRequest {
    inputs = List.copyOf(inputs);
    if (outputs < 1 || stepsPerEpoch < 1) {
      throw new IllegalArgumentException(
          "Cannot make a model for %d outputs and %d steps per epoch (expected 1 or more)"
              .formatted(outputs, stepsPerEpoch));
    }
  }
}
