package dev.zone.jobs.model;

import dev.zone.conf.ModelSpec;
import dev.zone.conf.error.Problems;
import dev.zone.datasets.PreparedManifest;
import dev.zone.jobs.window.StepTargets;
import java.util.List;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.rnn.LastTimeStepVertex;
import org.deeplearning4j.nn.conf.graph.rnn.ReverseTimeSeriesVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.Subsampling1DLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.weights.WeightInit;
import org.deeplearning4j.preprocessors.KerasFlattenRnnPreprocessor;
import org.nd4j.linalg.activations.Activation;

/**
 * The named architectures over windows [columns, length], DL4J's [batch, columns, length]: {@code
 * cnn1d}, {@code lstm}, {@code bilstm}.
 */
final class Series {
  private Series() {}

  static MultiLayerConfiguration cnn1d(
      ModelSpec.Cnn1d spec,
      NeuralNetConfiguration.Builder base,
      PreparedManifest.Input input,
      Outputs outputs,
      int width) {
    LayerStack stack = new LayerStack(base);
    int length = input.shape().get(1);
    for (int filters : spec.filters()) {
      stack.add(
          "convolution",
          new Convolution1DLayer.Builder(spec.kernel())
              .nOut(filters)
              .convolutionMode(ConvolutionMode.Same)
              .activation(Base.activation(spec.activation()))
              .weightInit(Base.weightInit(spec.activation()))
              .build());
      if (spec.pool() > 1) {
        stack.add(
            "pooling",
            new Subsampling1DLayer.Builder(Subsampling1DLayer.PoolingType.MAX)
                .kernelSize(spec.pool())
                .stride(spec.pool())
                .build());
        length /= spec.pool();
      }
    }
    int last = spec.filters().get(spec.filters().size() - 1);
    int flat = stack.size();
    boolean flatten = spec.joint() == ModelSpec.Joint.FLATTEN;
    if (flatten) {
      // DL4J itself would apply the next layer to each step.
      stack.list().inputPreProcessor(flat, new KerasFlattenRnnPreprocessor(last, length));
    }
    MultiLayerConfiguration conf =
        stack
            .join(spec.joint())
            .dense(spec.dense(), spec.activation(), spec.dropout())
            .output(outputs, width, spec.dropout())
            .build(window(input));
    if (flatten) {
      // DL4J takes the window's length for the width of a dense layer after a 1-D convolution.
      ((FeedForwardLayer) conf.getConf(flat).getLayer()).setNIn((long) last * length);
    }
    return conf;
  }

  /** Adds a problem if pooling would leave no step. */
  static void checkLength(ModelSpec.Cnn1d spec, PreparedManifest.Input input, Problems problems) {
    int length = input.shape().get(1);
    for (int i = 0; i < spec.filters().size(); i++) {
      length /= spec.pool();
    }
    if (length < 1) {
      problems.add(
          "model",
          "Cannot build cnn1d: input '%s' of %d steps, pooled %d times by %d (expected one step or more to be left)"
              .formatted(input.name(), input.shape().get(1), spec.filters().size(), spec.pool()));
    }
  }

  static MultiLayerConfiguration lstm(
      ModelSpec.Lstm spec,
      NeuralNetConfiguration.Builder base,
      PreparedManifest.Input input,
      Outputs outputs,
      Ends ends) {
    LayerStack stack = new LayerStack(base);
    boolean each = ends.targets().isEach();
    for (int i = 0; i < spec.units().size(); i++) {
      LSTM layer = lstm(spec.units().get(i), i == 0 ? 0 : spec.dropout());
      boolean last = i == spec.units().size() - 1;
      stack.add("lstm", last && !each ? new LastTimeStep(layer) : layer);
    }
    // DL4J applies dense layers to each step.
    stack
        .dense(spec.dense(), ModelSpec.Activation.RELU, spec.dropout())
        .output(outputs, ends.width(), spec.dropout(), each);
    if (ends.targets().segments() > 1) {
      stack.list().backpropType(BackpropType.TruncatedBPTT).tBPTTLength(ends.targets().segment());
    }
    return stack.build(window(input));
  }

  /**
   * What a network ends in.
   *
   * @param width of the output layer
   * @param targets of a window's steps
   */
  record Ends(int width, StepTargets targets) {}

  private static LSTM lstm(int units, double dropout) {
    return LayerStack.dropped(
            new LSTM.Builder()
                .nOut(units)
                .activation(Activation.TANH)
                .weightInit(WeightInit.XAVIER),
            dropout)
        .build();
  }

  /**
   * Each way has its own LSTM, and the backward one reads the reversed window, so that the last
   * step of both has seen all of it; where every step is put out, what it found is reversed back.
   * Steps that a mask hides are not reversed. (DL4J's Bidirectional layer with LastTimeStep gives
   * the backward state after one step.)
   */
  static ComputationGraphConfiguration bilstm(
      ModelSpec.Bilstm spec,
      NeuralNetConfiguration.Builder base,
      PreparedManifest.Input input,
      Outputs outputs,
      Ends ends) {
    ComputationGraphConfiguration.GraphBuilder graph =
        base.graphBuilder().addInputs("input").setInputTypes(window(input));
    String from = "input";
    List<Integer> units = spec.units();
    for (int i = 0; i < units.size(); i++) {
      double dropout = i == 0 ? 0 : spec.dropout();
      boolean last = i == units.size() - 1;
      String forward = "forward-" + i;
      String backward = "backward-" + i;
      String reversed = "reversed-" + i;
      graph.addLayer(forward, lstm(units.get(i), dropout), from);
      graph.addVertex(reversed, new ReverseTimeSeriesVertex("input"), from);
      graph.addLayer(backward, lstm(units.get(i), dropout), reversed);
      from = "both-" + i;
      if (last && !ends.targets().isEach()) {
        graph.addVertex("last-forward", new LastTimeStepVertex("input"), forward);
        graph.addVertex("last-backward", new LastTimeStepVertex("input"), backward);
        graph.addVertex(from, new MergeVertex(), "last-forward", "last-backward");
      } else {
        graph.addVertex("restored-" + i, new ReverseTimeSeriesVertex("input"), backward);
        graph.addVertex(from, new MergeVertex(), forward, "restored-" + i);
      }
    }
    for (int i = 0; i < spec.dense().size(); i++) {
      Layer dense =
          LayerStack.dropped(
                  new DenseLayer.Builder()
                      .nOut(spec.dense().get(i))
                      .activation(Activation.RELU)
                      .weightInit(WeightInit.RELU),
                  spec.dropout())
              .build();
      graph.addLayer("dense-" + i, dense, from);
      from = "dense-" + i;
    }
    graph.addLayer(
        "output", outputs.layer(ends.width(), spec.dropout(), ends.targets().isEach()), from);
    return graph.setOutputs("output").build();
  }

  /** DL4J's type of [columns, length]. */
  static InputType window(PreparedManifest.Input input) {
    return InputType.recurrent(input.shape().get(0), input.shape().get(1));
  }
}
