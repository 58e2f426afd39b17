package dev.zone.jobs.training;

import dev.zone.conf.AugmentationSpec;
import dev.zone.datasets.PreparedManifest.Input;
import dev.zone.datasets.transform.Augmentation;
import java.util.ArrayList;
import java.util.List;

/** Changes a training example at random. Confined to one thread. */
@FunctionalInterface
public interface Augmenter {
  /**
   * @param example one input's values, changed in place
   * @param seed decides every draw
   */
  void augment(float[] example, long seed);

  /**
   * Those of a job.
   *
   * @param specs what it asks for, in order; each changes the inputs that it suits
   * @return one an input, or none if it asks for nothing
   */
  static List<Augmenter> of(List<AugmentationSpec> specs, List<Input> inputs) {
    if (specs.isEmpty()) {
      return List.of();
    }
    List<Augmenter> augmenters = new ArrayList<>();
    for (Input input : inputs) {
      List<AugmentationSpec> suitable =
          specs.stream().filter(spec -> Augmentation.suits(spec, input.shape())).toList();
      Augmentation augmentation = new Augmentation(suitable, input.shape());
      augmenters.add(suitable.isEmpty() ? (example, seed) -> {} : augmentation::apply);
    }
    return augmenters;
  }
}
