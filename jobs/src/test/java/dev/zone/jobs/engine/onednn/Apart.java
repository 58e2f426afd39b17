package dev.zone.jobs.engine.onednn;

import dev.zone.conf.TrainingSpec;
import dev.zone.jobs.engine.Batch;
import dev.zone.jobs.engine.Engine;
import dev.zone.jobs.model.NetworkConfiguration;
import dev.zone.jobs.model.Requests;
import dev.zone.jobs.update.Dl4jTraining;
import dev.zone.jobs.update.EngineChoice;
import dev.zone.jobs.update.Examples;
import dev.zone.jobs.update.Examples.Targets;
import java.nio.FloatBuffer;
import java.util.Optional;
import org.bytedeco.dnnl.global.dnnl;

/** What a process of its own says of the library: a line each of choice, instructions, gradient. */
final class Apart {
  private Apart() {}

  /** Takes nothing. */
  public static void main(String[] arguments) {
    Requests requests =
        new Requests().inputs(Requests.input("images", 3, 16, 16)).model(Requests.cnn(true));
    NetworkConfiguration network = requests.create();
    TrainingSpec training = requests.request().training();
    EngineChoice choice =
        EngineChoice.of(network, new EngineChoice.Circumstances(training, false, false));
    System.out.println("engine: " + choice.words());
    if (OneDnn.problem().isEmpty()) {
      System.out.println("instructions: " + dnnl.get_effective_cpu_isa());
    }
    try (Dl4jTraining made =
        Dl4jTraining.create(
            network,
            Optional.empty(),
            Optional.empty(),
            Dl4jTraining.How.of(EngineChoice.Engine.ONEDNN))) {
      System.out.println("gradient: " + digest(made.engine(), network));
    }
  }

  private static int digest(Engine engine, NetworkConfiguration network) {
    Batch batch = new Examples(network, 16, Targets.ONE_HOT, false, 1).batch(0, 16);
    engine.computeGradient(batch, 1);
    FloatBuffer gradient = engine.gradient();
    int digest = 0;
    for (int i = 0; i < gradient.limit(); i++) {
      digest = 31 * digest + Float.floatToRawIntBits(gradient.get(i));
    }
    return digest;
  }
}
