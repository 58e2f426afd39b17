package dev.zone.jobs.engine.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zone.jobs.engine.Batch;
import dev.zone.jobs.engine.Engine;
import dev.zone.jobs.engine.dl4j.Dl4jEngines;
import dev.zone.jobs.engine.dl4j.GraphImport;
import dev.zone.jobs.engine.dl4j.Imported;
import dev.zone.jobs.engine.graph.Fusion;
import dev.zone.jobs.engine.graph.Graph;
import dev.zone.jobs.update.Examples;
import dev.zone.jobs.update.Examples.Targets;
import java.nio.FloatBuffer;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.assertj.core.data.Percentage;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.layers.normalization.BatchNormalization;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/**
 * Compiled networks compute what DL4J computes in double precision: losses, gradients and outputs
 * of random networks, of one to fifteen layers.
 */
class EnginesAgreeTest {
  private static final int NETS = Integer.getInteger("zone.engine.nets", 500);
  private static final long SEED = Long.getLong("zone.engine.seed", 20_000);
  private static final double AT_MOST = 1e-4;
  private static final double MOSTLY = 1e-5;

  /** oneDNN's functions are exact to a few bits less than a single rounding. */
  private static final double SPREAD = 30;

  private static final int ROUNDINGS = 4;

  @Test
  void onRandomNetworks() {
    long close =
        IntStream.range(0, NETS)
            .parallel()
            .mapToDouble(i -> checked(SEED + i))
            .filter(error -> error < MOSTLY)
            .count();
    assertThat(close).as("nets of %d that agree to %s", NETS, MOSTLY).isGreaterThan(NETS * 9 / 10);
  }

  /** The error of a network, which is not wrong. */
  private static double checked(long seed) {
    RandomNet net = RandomNet.draw(seed);
    double error = error(net);
    if (isWrong(net, error)) {
      throw new AssertionError(told(shrunk(net)));
    }
    return error;
  }

  @Test
  void onWeightedExamples() {
    for (int i = 0; i < NETS / 10; i++) {
      RandomNet net = RandomNet.draw(SEED - 1 - i);
      Examples examples = examples(net, true);
      Batch batch = examples.batch(0, size(net));
      try (Engine dl4j = Dl4jEngines.of(net.network());
          OneDnnEngine engine = compiled(net)) {
        if (error(net, dl4j) > AT_MOST) {
          continue; // such as DL4J's softmax of what it takes of a window's last step
        }
        dl4j.parameters().put(0, engine.parameters(), 0, engine.parameters().limit());
        scatter(dl4j.parameters(), new Random(i));
        scatter(engine.parameters(), new Random(i));
        double loss = dl4j.computeGradient(batch, 1);
        assertThat(engine.computeGradient(batch, 1))
            .as("of seed %d: %s", net.seed(), net)
            .isCloseTo(loss, Percentage.withPercentage(0.01));
        assertThat(distance(doubles(dl4j.gradient()), doubles(engine.gradient())))
            .as(net.toString())
            .isLessThan(Math.max(AT_MOST, SPREAD * condition(net)));
      }
    }
  }

  private static RandomNet shrunk(RandomNet failing) {
    for (int i = 0; i < failing.parts().size(); i++) {
      RandomNet smaller = failing.without(i);
      if (isWrong(smaller, error(smaller))) {
        return shrunk(smaller);
      }
    }
    return failing;
  }

  /**
   * Some networks are ill-conditioned, such as one that normalises channels that hardly vary: there
   * single precision may be further off, but no further than a few times DL4J's own, or what
   * rounding parameters and inputs otherwise does to the exact gradient.
   */
  private static boolean isWrong(RandomNet net, double error) {
    return !(error < AT_MOST) && !(error < SPREAD * condition(net));
  }

  private static double condition(RandomNet net) {
    try (Engine dl4j = Dl4jEngines.of(net.network())) {
      double moved = error(net, dl4j);
      Batch batch = examples(net, false).batch(0, size(net));
      double[] exact = gradient(new Reference(net, dl4j.parameters()), batch);
      Random random = new Random(net.seed());
      for (int draw = 0; draw < ROUNDINGS; draw++) {
        Reference other = new Reference(net, dl4j.parameters());
        other.round(random);
        moved = Math.max(moved, distance(exact, gradient(other, batch)));
      }
      return moved;
    }
  }

  private static double[] gradient(Reference reference, Batch batch) {
    reference.loss(batch);
    return reference.gradient();
  }

  private static String told(RandomNet net) {
    return "of seed %d differs by %.1e:%n%s%n%s"
        .formatted(net.seed(), error(net), Fusion.of(graph(net)).words(), net);
  }

  private static Graph graph(RandomNet net) {
    Imported imported = GraphImport.of(net.network());
    assertThat(imported.reason()).as(net.toString()).isEmpty();
    return imported.graph().orElseThrow();
  }

  private static OneDnnEngine compiled(RandomNet net) {
    return Chain.engine(net.network());
  }

  private static int size(RandomNet net) {
    // Not the draws that the network itself begins with.
    return 1 + new Random(~net.seed()).nextInt(9);
  }

  private static Examples examples(RandomNet net, boolean weighted) {
    return new Examples(net.network(), size(net), targets(net), weighted, net.seed());
  }

  private static double error(RandomNet net) {
    try (OneDnnEngine engine = compiled(net)) {
      return error(net, engine);
    }
  }

  /**
   * The largest relative difference of loss, gradient and outputs from those in double precision.
   */
  private static double error(RandomNet net, Engine engine) {
    int size = size(net);
    Batch batch = examples(net, false).batch(0, size);
    scatter(engine.parameters(), new Random(net.seed()));
    Reference reference = new Reference(net, engine.parameters());
    // What is in a plan's memory from the last time must not matter.
    engine.computeGradient(examples(net, true).batch(0, size), 2);
    double loss = engine.computeGradient(batch, 1);
    double lossError = Math.abs(loss - reference.loss(batch)) / Math.max(1, Math.abs(loss));
    double gradientError = distance(reference.gradient(), doubles(engine.gradient()));
    FloatBuffer outputs = Examples.direct(new float[size * Ends.OUTPUTS], 0, size * Ends.OUTPUTS);
    engine.predict(batch, outputs);
    double outputError = distance(reference.outputs(batch), doubles(outputs));
    return Math.max(lossError, Math.max(gradientError, outputError));
  }

  static Targets targets(RandomNet net) {
    Object loss = ((OutputLayer) net.end()).getLossFn();
    return loss instanceof LossMCXENT
        ? Targets.ONE_HOT
        : loss instanceof LossBinaryXENT ? Targets.ZERO_ONE : Targets.NUMBERS;
  }

  /** No two networks alike, biases and running statistics too. */
  private static void scatter(FloatBuffer parameters, Random random) {
    for (int i = 0; i < parameters.limit(); i++) {
      parameters.put(i, parameters.get(i) + 0.05f * (float) random.nextGaussian());
    }
  }

  static double[] doubles(FloatBuffer buffer) {
    double[] values = new double[buffer.limit()];
    for (int i = 0; i < values.length; i++) {
      values[i] = buffer.get(i);
    }
    return values;
  }

  /** Norm of the difference to that of the first. */
  static double distance(double[] exact, double[] values) {
    double difference = 0;
    double norm = 0;
    for (int i = 0; i < exact.length; i++) {
      difference += (exact[i] - values[i]) * (exact[i] - values[i]);
      norm += exact[i] * exact[i];
    }
    return norm == 0 ? difference : Math.sqrt(difference / norm);
  }

  /** DL4J's own network in double precision, without helpers. */
  private static final class Reference {
    private final ComputationGraph network;
    private final RandomNet net;
    private Optional<Random> rounding = Optional.empty();

    Reference(RandomNet net, FloatBuffer parameters) {
      this.net = net;
      network = new ComputationGraph(net.configuration(DataType.DOUBLE));
      network.init();
      network.initGradientsView();
      double[] values = doubles(parameters);
      network.setParams(Nd4j.createFromArray(values).reshape(1, values.length));
    }

    /** Moves each parameter and input by at most half of its last bit in single precision. */
    void round(Random random) {
      double[] values = network.params().dup().data().asDouble();
      move(values, random);
      network.setParams(Nd4j.createFromArray(values).reshape(1, values.length));
      rounding = Optional.of(random);
    }

    private static void move(double[] values, Random random) {
      for (int i = 0; i < values.length; i++) {
        values[i] += (random.nextDouble() - 0.5) * Math.ulp((float) values[i]);
      }
    }

    double loss(Batch batch) {
      network.setInputs(input(batch));
      network.setLabels(array(batch.targets(), batch.size(), Ends.OUTPUTS));
      network.computeGradientAndScore();
      return network.score() * batch.size();
    }

    double[] gradient() {
      double[] gradient = network.getFlattenedGradients().dup().data().asDouble();
      int from = 0;
      for (int index : network.topologicalSortOrder()) {
        GraphVertex vertex = network.getVertices()[index];
        int count = (int) vertex.numParams();
        if (vertex.getLayer() instanceof BatchNormalization) {
          // DL4J leaves the change of running moments once, engines once an example.
          for (int i = from + count / 2; i < from + count; i++) {
            gradient[i] *= network.getInput(0).size(0);
          }
        }
        from += count;
      }
      return gradient;
    }

    double[] outputs(Batch batch) {
      return network.outputSingle(false, input(batch)).dup('c').data().asDouble();
    }

    private INDArray input(Batch batch) {
      long[] shape = new long[net.input().size() + 1];
      shape[0] = batch.size();
      for (int i = 1; i < shape.length; i++) {
        shape[i] = net.input().get(i - 1);
      }
      double[] values = doubles(batch.inputs().get(0));
      rounding.ifPresent(random -> move(values, random));
      INDArray array = Nd4j.createFromArray(values).reshape('c', shape);
      return net.isChannelsLast() ? array.permute(0, 2, 3, 1).dup('c') : array;
    }

    private static INDArray array(FloatBuffer buffer, long... shape) {
      return Nd4j.createFromArray(doubles(buffer)).reshape('c', shape);
    }
  }
}
