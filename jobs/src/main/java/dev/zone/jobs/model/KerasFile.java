package dev.zone.jobs.model;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import dev.zone.conf.error.Problems;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.wrapper.BaseWrapperLayer;
import org.deeplearning4j.nn.modelimport.keras.KerasModel;
import org.deeplearning4j.nn.modelimport.keras.KerasSequentialModel;
import org.deeplearning4j.nn.modelimport.keras.exceptions.InvalidKerasConfigurationException;
import org.deeplearning4j.nn.modelimport.keras.exceptions.UnsupportedKerasConfigurationException;
import org.deeplearning4j.nn.modelimport.keras.utils.KerasModelBuilder;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A Keras model, .h5 or JSON, through DL4J's import. Layers with code (Lambda) and layers that DL4J
 * does not have are refused by the import, which knows layers by name only.
 */
final class KerasFile {
  private static final long MAX_BYTES = 2L << 30;

  private static final byte[] SIGNATURE = {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};

  private final Path path;
  private final String name;
  private final Problems problems;

  KerasFile(Path path, String name, Problems problems) {
    this.path = path;
    this.name = name;
    this.problems = problems;
  }

  /** What is imported: the network, and how to get its weights. */
  record Imported(Foreign network, Weights weights) {}

  /** Reads the weights of the file, [n] in DL4J's order. */
  interface Weights {
    float[] read()
        throws InvalidKerasConfigurationException, UnsupportedKerasConfigurationException;
  }

  /** Reads the configuration only, so that its size can be checked before anything is allocated. */
  Optional<Imported> read() {
    try {
      long limit = isHdf5() ? MAX_BYTES : ConfigurationTree.MAX_BYTES;
      if (Files.size(path) > limit) {
        problems.add(
            name,
            "Cannot read Keras model: %d bytes (expected at most %d)"
                .formatted(Files.size(path), limit));
        return Optional.empty();
      }
      KerasModelBuilder builder = new KerasModel().modelBuilder().enforceTrainingConfig(false);
      if (isHdf5() && !hasSignature()) {
        problems.add(
            name, "Cannot read Keras model: not an HDF5 file (expected .h5 as Keras writes it)");
        return Optional.empty();
      } else if (isHdf5()) {
        builder.modelHdf5Filename(path.toString());
      } else {
        builder.modelJson(Files.readString(path));
      }
      return Optional.of(isSequential(builder) ? sequential(builder) : graph(builder));
    } catch (IOException
        | InvalidKerasConfigurationException
        | UnsupportedKerasConfigurationException
        | RuntimeException e) {
      problems.add(
          name,
          "Cannot read Keras model: %s (expected .h5 or JSON of layers that Deeplearning4j has)"
              .formatted(FileModels.reason(e)));
      return Optional.empty();
    }
  }

  /** Spares the native library, which writes its complaints to the terminal. */
  private boolean hasSignature() throws IOException {
    try (InputStream in = Files.newInputStream(path)) {
      return Arrays.equals(in.readNBytes(SIGNATURE.length), SIGNATURE);
    }
  }

  boolean isHdf5() {
    String lower = path.getFileName().toString().toLowerCase(Locale.ROOT);
    return lower.endsWith(".h5") || lower.endsWith(".hdf5");
  }

  private static boolean isSequential(KerasModelBuilder builder) {
    JsonElement tree = JsonParser.parseString(builder.getModelJson());
    JsonElement type = tree.isJsonObject() ? tree.getAsJsonObject().get("class_name") : null;
    return type != null && type.isJsonPrimitive() && type.getAsString().equals("Sequential");
  }

  private static Imported sequential(KerasModelBuilder builder)
      throws IOException,
          InvalidKerasConfigurationException,
          UnsupportedKerasConfigurationException {
    KerasSequentialModel model = builder.buildSequential();
    return new Imported(
        Foreign.of(model.getMultiLayerConfiguration()),
        () -> vector(model.getMultiLayerNetwork(true).params()));
  }

  private static Imported graph(KerasModelBuilder builder)
      throws IOException,
          InvalidKerasConfigurationException,
          UnsupportedKerasConfigurationException {
    KerasModel model = builder.buildModel();
    return new Imported(
        Foreign.of(model.getComputationGraphConfiguration()),
        () -> vector(model.getComputationGraph(true).params()));
  }

  private static float[] vector(INDArray parameters) {
    return parameters.reshape(parameters.length()).toFloatVector();
  }

  /**
   * The import gives every layer a dropout that keeps everything. DL4J runs it all the same, at the
   * price of a random number a value, and fails in it for channels-last images.
   */
  static void dropIdleDropout(Foreign network) {
    network.layers().values().forEach(conf -> dropIdleDropout(conf.getLayer()));
  }

  private static void dropIdleDropout(Layer layer) {
    if (layer.getIDropout() instanceof Dropout dropout
        && dropout.getP() == 1
        && dropout.getPSchedule() == null) {
      layer.setIDropout(null);
    }
    if (layer instanceof BaseWrapperLayer wrapper) {
      dropIdleDropout(wrapper.getUnderlying());
    } else if (layer instanceof Bidirectional both) {
      dropIdleDropout(both.getFwd());
      dropIdleDropout(both.getBwd());
    }
  }

  /**
   * Gives the imported network the task's output layer. Keras ends in a dense layer, perhaps an
   * activation of its own; the import adds a loss layer if the file was compiled. All that becomes
   * one output layer with the dense layer's parameters.
   */
  static void fitOutput(Foreign network, Outputs outputs) {
    IActivation activation = null;
    while (network.outputs().size() == 1) {
      NeuralNetConfiguration last = network.layers().get(network.outputs().get(0));
      Layer layer = last == null ? null : last.getLayer();
      if (layer instanceof LossLayer) {
        network.dropOutput();
      } else if (layer instanceof ActivationLayer own && activation == null) {
        activation = own.getActivationFn();
        network.dropOutput();
      } else {
        if (layer instanceof DenseLayer dense) {
          network.replaceOutput(
              output(dense, activation == null ? dense.getActivationFn() : activation, outputs));
        }
        return;
      }
    }
  }

  private static OutputLayer output(DenseLayer dense, IActivation activation, Outputs outputs) {
    OutputLayer output =
        new OutputLayer.Builder(outputs.loss())
            .nIn(dense.getNIn())
            .nOut(dense.getNOut())
            .hasBias(dense.hasBias())
            .activation(activation)
            .build();
    output.setLayerName(dense.getLayerName());
    output.setWeightInitFn(dense.getWeightInitFn());
    output.setBiasInit(dense.getBiasInit());
    output.setGainInit(dense.getGainInit());
    output.setRegularization(dense.getRegularization());
    output.setRegularizationBias(dense.getRegularizationBias());
    output.setIDropout(dense.getIDropout());
    output.setConstraints(dense.getConstraints());
    output.setGradientNormalization(dense.getGradientNormalization());
    output.setGradientNormalizationThreshold(dense.getGradientNormalizationThreshold());
    return output;
  }
}
