package dev.zone.jobs.model;

import dev.zone.conf.ModelSpec;
import dev.zone.conf.TrainingSpec;
import dev.zone.conf.error.Problems;
import dev.zone.conf.yaml.Named;
import dev.zone.datasets.PreparedManifest;
import dev.zone.jobs.model.InputLayout.Axes;
import dev.zone.jobs.model.Tables.Notes;
import dev.zone.jobs.window.StepTargets;
import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BaseLayer;

/** Makes the network's configuration that a job asks for. */
public final class ModelFactory {
  private ModelFactory() {}

  /**
   * Makes and checks the configuration. A network from a file is also made and run once on an
   * example of zeros; named architectures take no native memory.
   *
   * @param problems receives everything that is wrong
   * @return the configuration; empty if there are new problems
   */
  public static Optional<NetworkConfiguration> create(ModelRequest request, Problems problems) {
    Problems found = new Problems();
    Optional<NetworkConfiguration> configuration = configuration(request, found);
    problems.addAll(found);
    return found.isEmpty() ? configuration : Optional.empty();
  }

  private static Optional<NetworkConfiguration> configuration(
      ModelRequest request, Problems problems) {
    Outputs outputs = Outputs.of(request.task());
    NeuralNetConfiguration.Builder base = Base.builder(request, problems);
    ModelSpec model = request.model();
    if (model.file().isPresent()) {
      return !problems.isEmpty() ? Optional.empty() : FileModels.create(request, outputs, problems);
    }
    Optional<PreparedManifest.Input> input = input(request, problems);
    if (input.isEmpty() || !problems.isEmpty()) {
      return Optional.empty();
    }
    check(model, input.get(), problems);
    if (!problems.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(build(request, base, input.get(), outputs));
  }

  private static void check(ModelSpec model, PreparedManifest.Input input, Problems problems) {
    if (model instanceof ModelSpec.Cnn cnn) {
      FeedForward.checkPools(cnn, problems);
      FeedForward.checkSide("cnn", FeedForward.shrinkage(cnn), input, problems);
    } else if (model instanceof ModelSpec.Cnn1d cnn1d) {
      Series.checkLength(cnn1d, input, problems);
    }
  }

  private static NetworkConfiguration build(
      ModelRequest request,
      NeuralNetConfiguration.Builder base,
      PreparedManifest.Input input,
      Outputs outputs) {
    ModelSpec model = request.model();
    int width = request.outputs();
    if (model instanceof ModelSpec.Mlp mlp) {
      InputType flat = InputType.feedForward(input.elements());
      return layers(
          FeedForward.mlp(
              mlp,
              new LayerStack(base).first(layer -> penalise(layer, mlp, request.training())),
              input,
              outputs,
              width),
          flat,
          layout(input, Axes.FLAT),
          width);
    }
    InputLayout layout = layout(input, Axes.AS_IS);
    Series.Ends ends = new Series.Ends(width, request.targets());
    if (model instanceof ModelSpec.Cnn cnn) {
      return layers(
          FeedForward.cnn(cnn, base, input, outputs, width),
          FeedForward.image(input),
          layout,
          width);
    } else if (model instanceof ModelSpec.Resnet resnet) {
      return graph(
          Residual.resnet(resnet, base, input, outputs, width),
          FeedForward.image(input),
          layout,
          width);
    } else if (model instanceof ModelSpec.Cnn1d cnn1d) {
      return layers(
          Series.cnn1d(cnn1d, base, input, outputs, width), Series.window(input), layout, width);
    } else if (model instanceof ModelSpec.Lstm lstm) {
      return Tables.describe(
          Series.lstm(lstm, base, input, outputs, ends),
          Series.window(input),
          List.of(layout),
          new Notes(width, ends.targets(), List.of()));
    } else if (model instanceof ModelSpec.Bilstm bilstm) {
      return Tables.describe(
          Series.bilstm(bilstm, base, input, outputs, ends),
          List.of(Series.window(input)),
          List.of(layout),
          new Notes(width, ends.targets(), List.of()));
    }
    throw new IllegalArgumentException("Cannot build model: " + model);
  }

  /** A layer with a penalty of its own takes none of the network's, so it is given them all. */
  private static void penalise(
      BaseLayer.Builder<?> layer, ModelSpec.Mlp mlp, TrainingSpec training) {
    if (mlp.inputL1() == 0) {
      return;
    }
    layer.l1(training.l1() + mlp.inputL1());
    if (training.l2() > 0) {
      layer.l2(training.l2());
    }
    if (training.weightDecay() > 0) {
      layer.weightDecay(training.weightDecay(), true);
    }
  }

  private static NetworkConfiguration graph(
      ComputationGraphConfiguration conf, InputType type, InputLayout layout, int width) {
    return Tables.describe(
        conf, List.of(type), List.of(layout), new Notes(width, StepTargets.ONE, List.of()));
  }

  private static NetworkConfiguration layers(
      MultiLayerConfiguration conf, InputType type, InputLayout layout, int width) {
    return Tables.describe(
        conf, type, List.of(layout), new Notes(width, StepTargets.ONE, List.of()));
  }

  private static InputLayout layout(PreparedManifest.Input input, Axes axes) {
    return new InputLayout(input.name(), input.shape(), axes);
  }

  /** The one input of a named architecture, if its rank is right. */
  private static Optional<PreparedManifest.Input> input(ModelRequest request, Problems problems) {
    String name = nameOf(request.model());
    if (request.inputs().size() != 1) {
      problems.add(
          "model",
          "Cannot build %s: %d inputs (expected 1; a ComputationGraph configuration takes several)"
              .formatted(name, request.inputs().size()));
      return Optional.empty();
    }
    PreparedManifest.Input input = request.inputs().get(0);
    int rank = rankOf(request.model());
    if (rank > 0 && input.shape().size() != rank) {
      problems.add(
          "model",
          "Cannot build %s: input '%s' has shape %s (expected %s)"
              .formatted(
                  name,
                  input.name(),
                  input.shape(),
                  rank == 3 ? "[channels, height, width]" : "windows of [columns, length]"));
      return Optional.empty();
    }
    return Optional.of(input);
  }

  private static String nameOf(ModelSpec model) {
    Named named = model.getClass().getAnnotation(Named.class);
    return named == null ? model.getClass().getSimpleName() : named.value();
  }

  /** Axes of an example; 0 for any. */
  private static int rankOf(ModelSpec model) {
    if (model instanceof ModelSpec.Mlp) {
      return 0;
    }
    return model instanceof ModelSpec.Cnn || model instanceof ModelSpec.Resnet ? 3 : 2;
  }
}
