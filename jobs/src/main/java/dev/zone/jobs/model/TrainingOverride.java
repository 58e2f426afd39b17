package dev.zone.jobs.model;

import dev.zone.conf.TrainingSpec;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.api.OptimizationAlgorithm;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.wrapper.BaseWrapperLayer;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.regularization.L1Regularization;
import org.nd4j.linalg.learning.regularization.L2Regularization;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.linalg.learning.regularization.WeightDecay;

/**
 * The job's training section over what a file says of training: updater, schedule and seed always,
 * penalties and clipping where the job has them.
 */
final class TrainingOverride {
  private final TrainingSpec training;
  private final IUpdater updater;
  private final List<Regularization> penalties = new ArrayList<>();

  TrainingOverride(TrainingSpec training, int stepsPerEpoch) {
    this.training = training;
    this.updater = Updaters.of(training, stepsPerEpoch);
    if (training.l1() > 0) {
      penalties.add(new L1Regularization(training.l1()));
    }
    if (training.l2() > 0) {
      penalties.add(new L2Regularization(training.l2()));
    }
    if (training.weightDecay() > 0) {
      penalties.add(new WeightDecay(training.weightDecay(), true));
    }
  }

  /** What the user should know. */
  String note() {
    List<String> replaced = new ArrayList<>(List.of("updater", "schedule", "seed"));
    if (!penalties.isEmpty()) {
      replaced.add("penalties");
    }
    if (training.clipping().isPresent()) {
      replaced.add("clipping");
    }
    return "The job's training section replaces the file's " + String.join(", ", replaced) + ".";
  }

  void apply(Foreign network) {
    for (NeuralNetConfiguration conf : network.settings()) {
      conf.setSeed(training.seed());
      conf.setMiniBatch(true);
      conf.setMinimize(true);
      conf.setOptimizationAlgo(OptimizationAlgorithm.STOCHASTIC_GRADIENT_DESCENT);
      conf.setIterationCount(0);
      conf.setEpochCount(0);
      if (conf.getLayer() != null) {
        apply(conf.getLayer());
      }
    }
  }

  void apply(Layer layer) {
    if (layer instanceof BaseWrapperLayer wrapper) {
      apply(wrapper.getUnderlying());
    } else if (layer instanceof Bidirectional both) {
      apply(both.getFwd());
      apply(both.getBwd());
    } else if (layer instanceof FrozenLayer frozen) {
      apply(frozen.getLayer());
    } else if (layer instanceof BaseLayer base) {
      apply(base);
    }
  }

  private void apply(BaseLayer layer) {
    layer.setIUpdater(updater.clone());
    layer.setBiasUpdater(null);
    if (!penalties.isEmpty()) {
      layer.setRegularization(new ArrayList<>(penalties));
    }
    training
        .clipping()
        .ifPresent(
            clipping -> {
              boolean byNorm = clipping.norm().isPresent();
              layer.setGradientNormalization(
                  byNorm
                      ? GradientNormalization.ClipL2PerLayer
                      : GradientNormalization.ClipElementWiseAbsoluteValue);
              layer.setGradientNormalizationThreshold(
                  clipping.norm().or(clipping::value).orElseThrow());
            });
  }
}
