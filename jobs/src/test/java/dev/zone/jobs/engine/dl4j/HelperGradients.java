package dev.zone.jobs.engine.dl4j;

import dev.zone.conf.ModelSpec;
import dev.zone.jobs.model.NetworkConfiguration;
import dev.zone.jobs.model.Requests;
import dev.zone.jobs.update.Examples;
import dev.zone.jobs.update.Examples.Targets;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;

/** A program that writes the gradients of a few networks with whatever helpers its JVM has. */
public final class HelperGradients {
  private HelperGradients() {}

  /**
   * @param arguments the file to write: the number of layers with a helper, then floats
   */
  public static void main(String[] arguments) throws IOException {
    try (DataOutputStream out =
        new DataOutputStream(Files.newOutputStream(Path.of(arguments[0])))) {
      out.writeInt(helpers());
      for (ModelSpec model : models()) {
        NetworkConfiguration configuration =
            new Requests().inputs(Requests.input("images", 3, 13, 12)).model(model).create();
        Examples examples = new Examples(configuration, 12, Targets.ONE_HOT, false, 5);
        try (Dl4jEngine engine =
            new Dl4jEngine(Dl4jNetwork.create(configuration, Optional.empty()))) {
          engine.computeGradient(examples.batch(0, 12), 1);
          FloatBuffer gradient = engine.gradient();
          for (int i = 0; i < gradient.limit(); i++) {
            out.writeFloat(gradient.get(i));
          }
        }
      }
    }
  }

  private static List<ModelSpec> models() {
    return List.of(
        cnn(ModelSpec.Pooling.MAX, true),
        cnn(ModelSpec.Pooling.AVERAGE, false),
        new ModelSpec.Resnet(List.of(4, 6), 1, 2, 0));
  }

  private static ModelSpec cnn(ModelSpec.Pooling pooling, boolean batchNorm) {
    return new ModelSpec.Cnn(
        List.of(8, 16),
        1,
        3,
        batchNorm,
        ModelSpec.Activation.RELU,
        pooling,
        ModelSpec.Joint.FLATTEN,
        List.of(10),
        0,
        0,
        Optional.empty(),
        Optional.empty());
  }

  private static int helpers() {
    NetworkConfiguration configuration =
        new Requests()
            .inputs(Requests.input("images", 3, 13, 12))
            .model(cnn(ModelSpec.Pooling.MAX, true))
            .create();
    MultiLayerNetwork network =
        (MultiLayerNetwork) Dl4jNetwork.create(configuration, Optional.empty()).model();
    int helpers = 0;
    for (var layer : network.getLayers()) {
      helpers += layer.getHelper() == null ? 0 : 1;
    }
    return helpers;
  }
}
