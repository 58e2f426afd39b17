package dev.zone.conf;

import dev.zone.conf.yaml.Choice;
import dev.zone.conf.yaml.Default;
import dev.zone.conf.yaml.Doc;
import dev.zone.conf.yaml.Named;
import dev.zone.conf.yaml.Range;

/** The optimizer, as DL4J has it. */
@Choice
@Doc("The optimizer.")
public sealed interface UpdaterSpec
    permits UpdaterSpec.Sgd,
        UpdaterSpec.Nesterovs,
        UpdaterSpec.Adam,
        UpdaterSpec.AmsGrad,
        UpdaterSpec.AdaMax,
        UpdaterSpec.Nadam,
        UpdaterSpec.RmsProp,
        UpdaterSpec.AdaGrad {
  double learningRate();

  @Doc("Stochastic gradient descent.")
  record Sgd(
      @Default("0.01") @Range(min = 0, openMin = true) @Doc("Learning rate.") double learningRate)
      implements UpdaterSpec {}

  @Doc("Nesterov's momentum.")
  record Nesterovs(
      @Default("0.01") @Range(min = 0, openMin = true) @Doc("Learning rate.") double learningRate,
      @Default("0.9") @Range(min = 0, max = 1, openMax = true) @Doc("Momentum.") double momentum)
      implements UpdaterSpec {}

  @Doc("Adam (Kingma and Ba, 2015).")
  record Adam(
      @Default("0.001") @Range(min = 0, openMin = true) @Doc("Learning rate.") double learningRate,
      @Default("0.9") @Range(min = 0, max = 1, openMax = true) @Doc("Decay of the first moment.")
          double beta1,
      @Default("0.999") @Range(min = 0, max = 1, openMax = true) @Doc("Decay of the second moment.")
          double beta2,
      @Default("1e-8")
          @Range(min = 0, openMin = true)
          @Doc("Added to the root of the second moment.")
          double epsilon)
      implements UpdaterSpec {}

  @Named("amsgrad")
  @Doc("AMSGrad.")
  record AmsGrad(
      @Default("0.001") @Range(min = 0, openMin = true) @Doc("Learning rate.") double learningRate)
      implements UpdaterSpec {}

  @Named("adamax")
  @Doc("AdaMax.")
  record AdaMax(
      @Default("0.001") @Range(min = 0, openMin = true) @Doc("Learning rate.") double learningRate)
      implements UpdaterSpec {}

  @Doc("Nadam.")
  record Nadam(
      @Default("0.001") @Range(min = 0, openMin = true) @Doc("Learning rate.") double learningRate)
      implements UpdaterSpec {}

  @Named("rmsprop")
  @Doc("RMSProp.")
  record RmsProp(
      @Default("0.001") @Range(min = 0, openMin = true) @Doc("Learning rate.") double learningRate,
      @Default("0.95") @Range(min = 0, max = 1, openMax = true) @Doc("Decay of the mean square.")
          double decay)
      implements UpdaterSpec {}

  @Named("adagrad")
  @Doc("AdaGrad.")
  record AdaGrad(
      @Default("0.01") @Range(min = 0, openMin = true) @Doc("Learning rate.") double learningRate)
      implements UpdaterSpec {}
}
