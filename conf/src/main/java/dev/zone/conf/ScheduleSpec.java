package dev.zone.conf;

import dev.zone.conf.yaml.Choice;
import dev.zone.conf.yaml.Default;
import dev.zone.conf.yaml.Doc;
import dev.zone.conf.yaml.Range;

/** The learning rate over the training. */
@Choice
@Doc("How the learning rate changes over the training.")
public sealed interface ScheduleSpec
    permits ScheduleSpec.Constant,
        ScheduleSpec.Step,
        ScheduleSpec.Exponential,
        ScheduleSpec.Cosine {
  @Doc("It does not.")
  record Constant() implements ScheduleSpec {}

  @Doc("Multiplied by factor every so many epochs.")
  record Step(
      @Doc("Epochs.") @Range(min = 1) int everyEpochs,
      @Doc("Factor.") @Default("0.1") @Range(min = 0, openMin = true, max = 1) double factor)
      implements ScheduleSpec {}

  @Doc("Multiplied by factor every epoch.")
  record Exponential(@Doc("Factor.") @Range(min = 0, openMin = true, max = 1) double factor)
      implements ScheduleSpec {}

  @Doc(
      "Rises linearly over the warm-up, then falls along half a cosine to a share of the learning rate at the last epoch.")
  record Cosine(
      @Doc("Epochs of linear rise.") @Default("0") @Range(min = 0) double warmupEpochs,
      @Doc("Share of the learning rate at the end.") @Default("0") @Range(min = 0, max = 1)
          double finalFraction)
      implements ScheduleSpec {}
}
