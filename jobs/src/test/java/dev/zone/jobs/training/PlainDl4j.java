package dev.zone.jobs.training;

import dev.zone.conf.TaskSpec;
import dev.zone.datasets.PreparedManifest;
import dev.zone.jobs.model.InputLayout;
import dev.zone.jobs.model.NetworkConfiguration;
import dev.zone.jobs.model.NetworkConfiguration.Kind;
import java.nio.FloatBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/**
 * A trial trained without anything of ours but the network's configuration and the order of the
 * examples: DL4J's networks, its data sets, its {@code fit}.
 */
final class PlainDl4j {
  private final Trial trial;
  private final NetworkConfiguration network;
  private final RandomExamples data;

  PlainDl4j(Trial trial, NetworkConfiguration network, RandomExamples data) {
    this.trial = trial;
    this.network = network;
    this.data = data;
  }

  /** One global batch: which examples it has, and where it stands in the training. */
  private interface Step {
    void on(int[] examples, int step, int epoch);
  }

  private void forEachStep(Step step, Runnable epochEnd) {
    int steps = 0;
    for (int epoch = 0; epoch < trial.training().epochs(); epoch++) {
      EpochOrder order = EpochOrder.of(data.size(), trial.training().seed(), epoch);
      for (int start = 0; start < data.size(); start += Trial.BATCH) {
        int end = Math.min(data.size(), start + Trial.BATCH);
        step.on(IntStream.range(start, end).map(order::example).toArray(), steps++, epoch);
      }
      epochEnd.run();
    }
  }

  /** Trains by {@code fit} on the global batches. */
  float[] fit() {
    return fit(List.of());
  }

  /**
   * @param seeds of DL4J's random numbers, one a step; none to leave them as they are
   */
  float[] fit(List<Long> seeds) {
    Deque<Long> left = new ArrayDeque<>(seeds);
    if (network.kind() == Kind.LAYERS) {
      MultiLayerNetwork layers = layers();
      forEachStep(
          (examples, step, epoch) -> {
            if (!left.isEmpty()) {
              Nd4j.getRandom().setSeed(left.remove());
            }
            INDArray mask = masks(examples)[0];
            layers.fit(
                new DataSet(features(examples)[0], labels(examples), mask, isEach() ? mask : null));
          },
          layers::incrementEpochCount);
      return layers.params().toFloatVector();
    }
    ComputationGraph graph =
        new ComputationGraph(ComputationGraphConfiguration.fromJson(network.json()));
    graph.init();
    forEachStep(
        (examples, step, epoch) ->
            graph.fit(
                new MultiDataSet(
                    features(examples),
                    new INDArray[] {labels(examples)},
                    masks(examples),
                    isEach() ? new INDArray[] {masks(examples)[0]} : null)),
        graph::incrementEpochCount);
    return graph.params().toFloatVector();
  }

  /**
   * Trains as so many processes of DL4J would, each with its part of the batch: plain backward
   * passes one after the other, gradients added, DL4J's updater. What no loss drives (running
   * statistics of batch normalisation) is the mean of the processes' by examples.
   *
   * @param seeds of each process, in the order of its parts
   */
  float[] averageOf(int processes, List<List<Long>> seeds) {
    List<Deque<Long>> left = seeds.stream().<Deque<Long>>map(ArrayDeque::new).toList();
    MultiLayerNetwork layers = layers();
    layers.initGradientsView();
    INDArray undriven = undriven(layers);
    forEachStep(
        (examples, step, epoch) -> {
          INDArray sum = Nd4j.zeros(layers.getFlattenedGradients().shape());
          for (int process = 0; process < processes; process++) {
            Share share = Share.of(process, processes, examples.length);
            if (share.size() == 0) {
              continue;
            }
            int[] part = Arrays.copyOfRange(examples, share.start(), share.end());
            Nd4j.getRandom().setSeed(left.get(process).remove());
            layers.setInput(features(part)[0]);
            layers.setLabels(labels(part));
            layers.computeGradientAndScore();
            INDArray gradient = layers.gradient().gradient();
            INDArray change = gradient.mul(undriven).muli((double) part.length / examples.length);
            sum.addi(gradient.mul(undriven.rsub(1))).addi(change);
          }
          layers.gradient().gradient().assign(sum);
          layers
              .getUpdater()
              .update(
                  layers,
                  layers.gradient(),
                  step,
                  epoch,
                  examples.length,
                  LayerWorkspaceMgr.noWorkspaces());
          INDArray update = layers.getFlattenedGradients();
          layers.params().subi(update.reshape(update.length()));
        },
        () -> {});
    return layers.params().toFloatVector();
  }

  /** 1 where the flat vector holds running statistics, else 0. */
  private static INDArray undriven(MultiLayerNetwork layers) {
    float[] flags = new float[(int) layers.numParams()];
    int at = 0;
    for (var layer : layers.getLayers()) {
      for (var parameter : layer.paramTable().entrySet()) {
        int length = (int) parameter.getValue().length();
        if (!layer.updaterDivideByMinibatch(parameter.getKey())) {
          Arrays.fill(flags, at, at + length, 1);
        }
        at += length;
      }
    }
    return Nd4j.createFromArray(flags).reshape(1, flags.length);
  }

  private MultiLayerNetwork layers() {
    MultiLayerConfiguration conf = MultiLayerConfiguration.fromJson(network.json());
    weights()
        .ifPresent(
            weights -> {
              int last = conf.getConfs().size() - 1;
              ((BaseOutputLayer) conf.getConf(last).getLayer()).setLossFn(new LossMCXENT(weights));
            });
    MultiLayerNetwork layers = new MultiLayerNetwork(conf);
    layers.init();
    return layers;
  }

  /** DL4J's own weights of classes: inverse to their shares, mean 1 over the examples. */
  private Optional<INDArray> weights() {
    double power;
    switch (trial.training().classWeights()) {
      case BALANCED -> power = 1;
      case SQRT -> power = 0.5;
      default -> {
        return Optional.empty();
      }
    }
    List<Long> counts = trial.classCounts(data);
    double[] weights =
        counts.stream()
            .mapToDouble(count -> Math.pow((double) data.targetCount() / count, power))
            .toArray();
    double mean =
        IntStream.range(0, weights.length).mapToDouble(k -> weights[k] * counts.get(k)).sum()
            / data.targetCount();
    float[] scaled = new float[weights.length];
    for (int k = 0; k < scaled.length; k++) {
      scaled[k] = (float) (weights[k] / mean);
    }
    return Optional.of(Nd4j.createFromArray(scaled).reshape(1, scaled.length));
  }

  private INDArray[] features(int[] examples) {
    INDArray[] features = new INDArray[network.inputs().size()];
    for (int k = 0; k < features.length; k++) {
      InputLayout layout = network.inputs().get(k);
      float[] values = new float[examples.length * layout.elements()];
      FloatBuffer into = FloatBuffer.wrap(values);
      for (int example : examples) {
        data.copyInput(example, k, into);
      }
      INDArray flat = Nd4j.createFromArray(values).reshape('c', examples.length, layout.elements());
      long[] shape = new long[layout.shape().size() + 1];
      shape[0] = examples.length;
      for (int i = 1; i < shape.length; i++) {
        shape[i] = layout.shape().get(i - 1);
      }
      features[k] = layout.axes() == InputLayout.Axes.FLAT ? flat : flat.reshape('c', shape);
    }
    return features;
  }

  /** Masks of the inputs that have one: 0 for padding. */
  private INDArray[] masks(int[] examples) {
    List<PreparedManifest.Input> inputs = trial.inputs();
    INDArray[] masks = new INDArray[inputs.size()];
    for (int k = 0; k < masks.length; k++) {
      if (inputs.get(k).masked()) {
        int steps = inputs.get(k).shape().get(1);
        masks[k] = Nd4j.ones(examples.length, steps);
        for (int i = 0; i < examples.length; i++) {
          for (int t = 1; t <= data.paddedSteps(examples[i]); t++) {
            masks[k].putScalar(i, steps - t, 0);
          }
        }
      }
    }
    return masks;
  }

  private boolean isEach() {
    return trial.targetSteps() > 1;
  }

  private INDArray labels(int[] examples) {
    int outputs = trial.outputs();
    INDArray labels = Nd4j.zeros(examples.length, outputs, trial.targetSteps());
    double smoothing = trial.training().labelSmoothing();
    for (int i = 0; i < examples.length; i++) {
      for (int k = 0; k < outputs; k++) {
        for (int t = 0; t < trial.targetSteps(); t++) {
          if (trial.task() instanceof TaskSpec.Multiclass) {
            double hot = data.target(examples[i], t, 0) == k ? 1 : 0;
            labels.putScalar(i, k, t, hot * (1 - smoothing) + smoothing / outputs);
          } else {
            labels.putScalar(i, k, t, data.target(examples[i], t, k));
          }
        }
      }
    }
    return isEach() ? labels : labels.reshape(examples.length, outputs);
  }
}
