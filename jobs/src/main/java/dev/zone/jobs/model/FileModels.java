package dev.zone.jobs.model;

import com.google.gson.JsonObject;
import dev.zone.conf.ModelSpec;
import dev.zone.conf.TrainingSpec;
import dev.zone.conf.error.Problems;
import dev.zone.jobs.model.KerasFile.Imported;
import dev.zone.jobs.window.StepTargets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseRecurrentLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.wrapper.BaseWrapperLayer;
import org.nd4j.linalg.api.buffer.DataType;

/** Networks from files: DL4J configurations and Keras models. */
final class FileModels {
  private static final int MAX_LAYERS = 1000;

  /** What fits a flat vector that Java can look at (2 GiB). */
  private static final long MAX_PARAMETERS = (1L << 29) - 1;

  private final ModelRequest request;
  private final Outputs outputs;
  private final Problems problems;
  private final String name;

  private FileModels(ModelRequest request, Outputs outputs, Problems problems) {
    this.request = request;
    this.outputs = outputs;
    this.problems = problems;
    this.name = request.model().file().orElseThrow();
  }

  /** Empty, with problems, if the file is no network that fits the job. */
  static Optional<NetworkConfiguration> create(
      ModelRequest request, Outputs outputs, Problems problems) {
    FileModels models = new FileModels(request, outputs, problems);
    Optional<Path> file = models.locate();
    if (file.isEmpty()) {
      return Optional.empty();
    }
    return request.model() instanceof ModelSpec.Keras keras
        ? models.keras(file.get(), keras.weights())
        : models.configuration(file.get());
  }

  /** The file as the job names it, or as the plan's copy has it: by its last name. */
  private Optional<Path> locate() {
    Path folder = request.modelFiles().toAbsolutePath().normalize();
    Path given = folder.resolve(name).normalize();
    Path last = given.getFileName();
    if (!given.startsWith(folder) || last == null) {
      problems.add(
          "model", "Cannot read model: " + name + " (expected a file below the job file's folder)");
      return Optional.empty();
    }
    Path file = Files.isRegularFile(given) ? given : folder.resolve(last);
    if (!Files.isRegularFile(file)) {
      problems.add("model", "Cannot read model: " + name + " (expected a file; there is none)");
      return Optional.empty();
    }
    return Optional.of(file);
  }

  private Optional<NetworkConfiguration> configuration(Path file) {
    Optional<JsonObject> tree;
    try {
      // One more byte than allowed tells that it is too long.
      byte[] bytes;
      try (var in = Files.newInputStream(file)) {
        bytes = in.readNBytes(ConfigurationTree.MAX_BYTES + 1);
      }
      tree = ConfigurationTree.parse(name, bytes, problems);
    } catch (IOException e) {
      problems.add(name, "Cannot read model: " + e.getMessage() + " (expected a readable file)");
      return Optional.empty();
    }
    return tree.flatMap(this::foreign).flatMap(network -> finish(network, Optional.empty()));
  }

  private Optional<Foreign> foreign(JsonObject tree) {
    try {
      if (tree.has("confs")) {
        return Optional.of(Foreign.of(MultiLayerConfiguration.fromJson(tree.toString())));
      } else if (tree.has("vertices")) {
        return Optional.of(Foreign.of(ComputationGraphConfiguration.fromJson(tree.toString())));
      }
      problems.add(
          name,
          "Cannot read configuration: keys "
              + tree.keySet()
              + " (expected 'confs' of a MultiLayerConfiguration or 'vertices' of a"
              + " ComputationGraphConfiguration)");
    } catch (RuntimeException e) {
      problems.add(
          name,
          "Cannot read configuration: " + reason(e) + " (expected what DL4J's toJson writes)");
    }
    return Optional.empty();
  }

  private Optional<NetworkConfiguration> keras(Path file, boolean weights) {
    KerasFile keras = new KerasFile(file, name, problems);
    if (weights && !keras.isHdf5()) {
      problems.add(name, "Cannot keep weights: " + name + " has none (expected a .h5 file)");
      return Optional.empty();
    }
    Optional<Imported> imported = keras.read();
    if (imported.isEmpty()) {
      return Optional.empty();
    }
    Foreign network = imported.get().network();
    KerasFile.dropIdleDropout(network);
    KerasFile.fitOutput(network, outputs);
    return finish(network, weights ? Optional.of(imported.get().weights()) : Optional.empty());
  }

  private Optional<NetworkConfiguration> finish(
      Foreign network, Optional<KerasFile.Weights> weights) {
    int before = problems.count();
    checkSettings(network);
    if (problems.count() == before) {
      OutputCheck.check(network, request, name, problems);
      if (request.training().batchStatistics() == TrainingSpec.BatchStatistics.GLOBAL) {
        NormalisationCheck.check(network, name, problems);
      }
    }
    if (problems.count() != before) {
      return Optional.empty();
    }
    StepTargets targets = targets(network);
    TrainingOverride override =
        new TrainingOverride(request.training(), request.stepsPerEpoch(targets));
    override.apply(network);
    // An import could bring classes of its own; the plan's readers must know them all.
    ConfigurationTree.parse(
        name, network.json().getBytes(java.nio.charset.StandardCharsets.UTF_8), problems);
    if (problems.count() != before) {
      return Optional.empty();
    }
    List<String> notes = new ArrayList<>(List.of(override.note()));
    return new InputFit(network, request, targets, name, problems)
        .fit(MAX_PARAMETERS, notes)
        .flatMap(fitted -> started(fitted, weights));
  }

  /** The job's pieces of a window, else the file's, else whole windows. */
  private StepTargets targets(Foreign network) {
    request.training().tbpttLength().ifPresent(network::truncate);
    return network.backpropType() == BackpropType.TruncatedBPTT
        ? StepTargets.of(request.targetSteps(), Optional.of(network.truncation()))
        : request.targets();
  }

  private Optional<NetworkConfiguration> started(
      NetworkConfiguration fitted, Optional<KerasFile.Weights> weights) {
    if (weights.isEmpty()) {
      return Optional.of(fitted);
    }
    try {
      float[] values = weights.get().read();
      if (values.length == fitted.parameters()) {
        return Optional.of(fitted.startingFrom(StartParameters.of(values)));
      }
      problems.add(
          name,
          "Cannot keep weights: %d (expected %d)".formatted(values.length, fitted.parameters()));
    } catch (Exception e) {
      problems.add(name, "Cannot keep weights: " + reason(e) + " (expected those of the layers)");
    }
    return Optional.empty();
  }

  private void checkSettings(Foreign network) {
    Map<String, NeuralNetConfiguration> layers = network.layers();
    if (layers.isEmpty() || layers.size() > MAX_LAYERS) {
      problems.add(
          name, "Cannot train %d layers (expected 1 to %d)".formatted(layers.size(), MAX_LAYERS));
      return;
    }
    layers.forEach(
        (layer, conf) -> {
          if (conf == null || conf.getLayer() == null) {
            problems.add(
                name,
                "Cannot read configuration: layer '" + layer + "' is empty (expected a layer)");
          }
        });
    if (network.dataType() != DataType.FLOAT) {
      problems.add(name, "Cannot train with dataType: " + network.dataType() + " (expected FLOAT)");
    }
    checkTruncation(network);
    if (network.inputs() != request.inputs().size()) {
      problems.add(
          name,
          "Cannot feed %d inputs: the job has %d (expected as many)"
              .formatted(network.inputs(), request.inputs().size()));
    }
  }

  private void checkTruncation(Foreign network) {
    boolean truncates = network.backpropType() == BackpropType.TruncatedBPTT;
    if (truncates && request.targetSteps() == 1) {
      problems.add(
          name,
          "Cannot train with backpropType: TruncatedBPTT (expected Standard, or windows.targets each: a piece of a window needs targets of its own)");
    } else if (truncates && network.truncation() < 1) {
      problems.add(
          name,
          "Cannot train with tbpttFwdLength: " + network.truncation() + " (expected 1 or more)");
    }
    if (!truncates && request.training().tbpttLength().isEmpty()) {
      return;
    }
    network
        .layers()
        .forEach(
            (layer, conf) -> {
              if (conf != null && hidesState(conf.getLayer())) {
                problems.add(
                    name,
                    "Cannot learn pieces of windows with layer '%s': %s (expected recurrent layers that read forwards and stand in no other layer, because pieces hand their state on)"
                        .formatted(layer, conf.getLayer().getClass().getSimpleName()));
              }
            });
  }

  /** Whether it is a recurrent layer whose state DL4J does not reach. */
  private static boolean hidesState(Layer layer) {
    return layer instanceof Bidirectional
        || (layer instanceof BaseWrapperLayer wrapper
            && wrapper.getUnderlying() instanceof BaseRecurrentLayer)
        || (layer instanceof FrozenLayer frozen && frozen.getLayer() instanceof BaseRecurrentLayer);
  }

  /** What DL4J says, in one line. */
  static String reason(Throwable failure) {
    Throwable cause = failure;
    while (cause.getMessage() == null && cause.getCause() != null) {
      cause = cause.getCause();
    }
    String text =
        cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    String line = text.lines().map(String::strip).filter(l -> !l.isEmpty()).findFirst().orElse("");
    return line.length() > 300 ? line.substring(0, 300) + "…" : line;
  }
}
