package dev.zone.jobs.update;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zone.conf.ModelSpec;
import dev.zone.jobs.engine.Batch;
import dev.zone.jobs.model.NetworkConfiguration;
import dev.zone.jobs.model.NetworkConfiguration.Kind;
import dev.zone.jobs.model.Requests;
import dev.zone.jobs.update.Examples.Targets;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.MultiDataSet;

/**
 * Ranks that add their gradients train as plain DL4J does on the whole batch, however unlike their
 * shares are.
 */
class Dl4jTrainingTest {
  private static final int STEPS = 50;
  private static final int STEPS_PER_EPOCH = 10;

  /** Sizes of the global batches; the last of an epoch is short. */
  private static int globalBatch(int step) {
    return step % STEPS_PER_EPOCH == STEPS_PER_EPOCH - 1 ? 9 : 24;
  }

  @Test
  void trainsAnMlpAsPlainDl4jDoes() {
    assertSameAsPlain(new Requests().create(), Targets.ONE_HOT, 1, 2, 3);
  }

  @Test
  void trainsAnLstmAsPlainDl4jDoes() {
    assertSameAsPlain(
        new Requests()
            .inputs(Requests.input("windows", 3, 5))
            .model(new ModelSpec.Lstm(List.of(5, 4), List.of(4), 0))
            .create(),
        Targets.ONE_HOT,
        2);
  }

  private static void assertSameAsPlain(
      NetworkConfiguration configuration, Targets kind, int... ranks) {
    List<Examples> examples = new ArrayList<>();
    for (int step = 0; step < STEPS_PER_EPOCH; step++) {
      examples.add(new Examples(configuration, globalBatch(step), kind, false, step));
    }
    float[] expected = plain(configuration, examples);
    for (int count : ranks) {
      try (Ranks simulated = new Ranks(configuration, count)) {
        assertThat(difference(simulated.train(examples), expected))
            .as("relative difference after %d steps on %d ranks", STEPS, count)
            .isLessThan(1e-5);
        simulated.assertIdentical();
      }
    }
  }

  /** Largest difference over the largest parameter. */
  private static double difference(float[] actual, float[] expected) {
    double worst = 0;
    double largest = 0;
    for (int i = 0; i < expected.length; i++) {
      worst = Math.max(worst, Math.abs((double) actual[i] - expected[i]));
      largest = Math.max(largest, Math.abs(expected[i]));
    }
    return worst / largest;
  }

  private static float[] plain(NetworkConfiguration configuration, List<Examples> examples) {
    MultiLayerNetwork layers = null;
    ComputationGraph graph = null;
    if (configuration.kind() == Kind.LAYERS) {
      layers = new MultiLayerNetwork(MultiLayerConfiguration.fromJson(configuration.json()));
      layers.init();
    } else {
      graph = new ComputationGraph(ComputationGraphConfiguration.fromJson(configuration.json()));
      graph.init();
    }
    for (int step = 0; step < STEPS; step++) {
      int inEpoch = step % STEPS_PER_EPOCH;
      if (inEpoch == 0 && step > 0) {
        if (layers == null) {
          graph.incrementEpochCount();
        } else {
          layers.incrementEpochCount();
        }
      }
      MultiDataSet data = examples.get(inEpoch).dataSet(0, globalBatch(step));
      if (layers == null) {
        graph.fit(data);
      } else {
        layers.fit(new DataSet(data.getFeatures(0), data.getLabels(0)));
      }
    }
    return layers == null ? graph.params().toFloatVector() : layers.params().toFloatVector();
  }

  /** Ranks in one thread, their gradients added by hand. */
  private static final class Ranks implements AutoCloseable {
    private final List<Dl4jTraining> ranks = new ArrayList<>();

    Ranks(NetworkConfiguration configuration, int count) {
      for (int rank = 0; rank < count; rank++) {
        ranks.add(Dl4jTraining.create(configuration, Optional.empty()));
      }
    }

    float[] train(List<Examples> examples) {
      int parameters = ranks.get(0).engine().parameters().limit();
      for (int step = 0; step < STEPS; step++) {
        int size = globalBatch(step);
        float[] sum = new float[parameters];
        for (int rank = 0; rank < ranks.size(); rank++) {
          Batch local = part(examples.get(step % STEPS_PER_EPOCH), size, rank);
          ranks.get(rank).engine().computeGradient(local, 1000L * step + rank);
          FloatBuffer gradient = ranks.get(rank).engine().gradient();
          for (int i = 0; i < parameters; i++) {
            sum[i] += gradient.get(i);
          }
        }
        for (Dl4jTraining rank : ranks) {
          rank.engine().gradient().put(0, sum);
          rank.update().apply(size, step, step / STEPS_PER_EPOCH);
        }
      }
      return copy(ranks.get(0).engine().parameters());
    }

    /** Uneven shares: rank r has about twice what rank r - 1 has. */
    private Batch part(Examples examples, int size, int rank) {
      int whole = (1 << ranks.size()) - 1;
      int from = size * ((1 << rank) - 1) / whole;
      int to = size * ((2 << rank) - 1) / whole;
      return examples.batch(from, to);
    }

    void assertIdentical() {
      for (Dl4jTraining rank : ranks) {
        assertThat(copy(rank.engine().parameters()))
            .isEqualTo(copy(ranks.get(0).engine().parameters()));
        assertThat(copy(rank.update().state())).isEqualTo(copy(ranks.get(0).update().state()));
      }
    }

    @Override
    public void close() {
      ranks.forEach(Dl4jTraining::close);
    }
  }

  private static float[] copy(FloatBuffer values) {
    float[] copy = new float[values.limit()];
    values.get(0, copy);
    return copy;
  }
}
