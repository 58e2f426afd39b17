package dev.zone.jobs.model;

import dev.zone.conf.error.Problems;
import dev.zone.datasets.PreparedManifest.Input;
import dev.zone.jobs.model.Foreign.Entry;
import dev.zone.jobs.model.InputLayout.Axes;
import dev.zone.jobs.model.Tables.Notes;
import dev.zone.jobs.window.StepTargets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BaseRecurrentLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.wrapper.BaseWrapperLayer;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToRnnPreProcessor;
import org.deeplearning4j.util.TimeSeriesUtils;

/**
 * Finds how a file's network takes the prepared inputs. A configuration does not say what shape it
 * was made for, so the first layers tell which order of axes is meant, and one example of zeros
 * tells whether it fits.
 */
final class InputFit {
  /** Values that the example of zeros may need. */
  private static final long MAX_PROBE = 1L << 28;

  private final Foreign network;
  private final ModelRequest request;
  private final StepTargets targets;
  private final String name;
  private final Problems problems;

  /**
   * @param targets how the network learns a window's steps
   */
  InputFit(
      Foreign network, ModelRequest request, StepTargets targets, String name, Problems problems) {
    this.network = network;
    this.request = request;
    this.targets = targets;
    this.name = name;
    this.problems = problems;
  }

  /** Empty, with problems, if the network does not take the inputs or is too large. */
  Optional<NetworkConfiguration> fit(long maxParameters, List<String> notes) {
    List<InputLayout> layouts = new ArrayList<>();
    List<InputType> types = new ArrayList<>();
    for (int i = 0; i < request.inputs().size(); i++) {
      Input input = request.inputs().get(i);
      Axes axes = axes(input, network.entry(i));
      layouts.add(new InputLayout(input.name(), input.shape(), axes));
      types.add(type(input, axes));
    }
    try {
      NetworkConfiguration configuration =
          describe(types, layouts, new Notes(request.outputs(), targets, notes));
      long values = configuration.size().kept() + configuration.size().working();
      if (configuration.parameters() < 1
          || configuration.parameters() > maxParameters
          || values > MAX_PROBE) {
        problems.add(
            name,
            "Cannot train %d parameters with %d values an example (expected 1 to %d parameters and at most %d values)"
                .formatted(configuration.parameters(), values, maxParameters, MAX_PROBE));
        return Optional.empty();
      }
      return probe(configuration) ? Optional.of(configuration) : Optional.empty();
    } catch (RuntimeException e) {
      String shapes =
          String.join(", ", layouts.stream().map(l -> l.name() + " " + l.shape()).toList());
      problems.add(
          name,
          "Cannot feed the network with input %s: %s (expected a network for this shape)"
              .formatted(shapes, FileModels.reason(e)));
      return Optional.empty();
    }
  }

  private NetworkConfiguration describe(
      List<InputType> types, List<InputLayout> layouts, Notes notes) {
    if (network instanceof Foreign.Layered layered) {
      return Tables.describe(layered.conf(), types.get(0), layouts, notes);
    } else if (network instanceof Foreign.Graph graph) {
      return Tables.describe(graph.conf(), types, layouts, notes);
    }
    throw new IllegalStateException("Cannot describe: " + network);
  }

  /** Whether one example of zeros gives one row of outputs, and masked steps do not matter. */
  private boolean probe(NetworkConfiguration configuration) {
    Probe probe = new Probe(configuration);
    long[] shape = probe.outputShape();
    long[] expected =
        targets.isEach()
            ? new long[] {1, request.outputs(), targets.steps()}
            : new long[] {1, request.outputs()};
    if (!Arrays.equals(shape, expected)) {
      problems.add(
          name,
          "Cannot fit the network to the task: its output for one example has shape %s (expected %s)"
              .formatted(Arrays.toString(shape), Arrays.toString(expected)));
      return false;
    }
    if (targets.isEach()
        && !configuration.inputs().stream()
            .allMatch(layout -> layout.isWindow() && layout.axes() == Axes.AS_IS)) {
      problems.add(
          name,
          "Cannot learn each step with this network: it does not read [batch, columns, steps] (expected recurrent layers of rnnDataFormat NCW on every input)");
      return false;
    }
    List<Boolean> masked = request.inputs().stream().map(Input::masked).toList();
    if (masked.contains(true) && !probe.skipsMaskedSteps(masked)) {
      problems.add(
          name,
          "Cannot use windows.pad: mask with this network: masked steps change what it learns (expected layers of LSTM and"
              + " LastTimeStep, the architectures lstm or bilstm, or windows.pad first or drop)");
      return false;
    }
    return true;
  }

  private static InputType type(Input input, Axes axes) {
    List<Integer> shape = input.shape();
    if (axes == Axes.FLAT || shape.size() == 1) {
      return InputType.feedForward(input.elements());
    }
    boolean last = axes == Axes.CHANNELS_LAST;
    if (shape.size() == 2) {
      return InputType.recurrent(shape.get(0), shape.get(1), last ? RNNFormat.NWC : RNNFormat.NCW);
    }
    return InputType.convolutional(
        shape.get(1), shape.get(2), shape.get(0), last ? CNN2DFormat.NHWC : CNN2DFormat.NCHW);
  }

  /** What the first layer, or what stands before it, wants. */
  private static Axes axes(Input input, Optional<Entry> entry) {
    if (input.shape().size() == 1 || entry.isEmpty()) {
      return Axes.AS_IS;
    }
    if (entry.get().preprocessor().isPresent()) {
      Object before = entry.get().preprocessor().get();
      if (before instanceof FeedForwardToCnnPreProcessor
          || before instanceof FeedForwardToRnnPreProcessor) {
        return Axes.FLAT;
      } else if (before instanceof CnnToFeedForwardPreProcessor flatten) {
        return flatten.getFormat() == CNN2DFormat.NHWC ? Axes.CHANNELS_LAST : Axes.AS_IS;
      }
      return Axes.AS_IS;
    }
    Layer layer = inner(entry.get().layer());
    if (layer instanceof Convolution1DLayer convolution) {
      return series(convolution.getRnnDataFormat());
    } else if (layer instanceof BaseRecurrentLayer) {
      return series(TimeSeriesUtils.getFormatFromRnnLayer(layer));
    } else if (layer instanceof ConvolutionLayer convolution) {
      return image(convolution.getCnn2dDataFormat());
    } else if (layer instanceof SubsamplingLayer pooling) {
      return image(pooling.getCnn2dDataFormat());
    } else if (layer instanceof ZeroPaddingLayer padding) {
      return image(padding.getDataFormat());
    } else if (layer instanceof BatchNormalization normalisation) {
      return image(normalisation.getCnn2DFormat());
    }
    return layer instanceof org.deeplearning4j.nn.conf.layers.DenseLayer
            || layer instanceof org.deeplearning4j.nn.conf.layers.OutputLayer
        ? Axes.FLAT
        : Axes.AS_IS;
  }

  private static Axes series(RNNFormat format) {
    return format == RNNFormat.NWC ? Axes.CHANNELS_LAST : Axes.AS_IS;
  }

  private static Axes image(CNN2DFormat format) {
    return format == CNN2DFormat.NHWC ? Axes.CHANNELS_LAST : Axes.AS_IS;
  }

  private static Layer inner(Layer layer) {
    if (layer instanceof BaseWrapperLayer wrapper) {
      return inner(wrapper.getUnderlying());
    }
    return layer instanceof Bidirectional both ? inner(both.getFwd()) : layer;
  }
}
