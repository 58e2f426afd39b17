package dev.zone.jobs.engine.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.zone.conf.CpuFeatures;
import dev.zone.conf.TrainingSpec.Precision;
import dev.zone.jobs.engine.Batch;
import dev.zone.jobs.engine.dl4j.GraphImport;
import dev.zone.jobs.model.NetworkConfiguration;
import dev.zone.jobs.update.Examples;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Steps in bfloat16 are those in float32 but for roundings; nothing else is rounded. */
class Bf16Test {
  private static final int NETS = Integer.getInteger("zone.engine.nets", 200);
  private static final long SEED = Long.getLong("zone.engine.seed", 50_000);
  private static final int SIZE = 16;

  /** Half the distance from 1 to the next number. */
  private static final double ROUNDING = 1.0 / 256;

  /** Roundings of a network of a dozen layers on the way there and back. */
  private static final double AT_MOST = 8 * ROUNDING;

  @BeforeEach
  void requireInstructions() {
    assumeTrue(CpuFeatures.detect().hasBf16(), "the processor has no AVX512_BF16");
  }

  /**
   * Networks with corners or normalisations of what hardly varies are ill-conditioned: rounding may
   * turn a gradient. That is some of all, but not most of those that have an operation.
   */
  @Test
  void roundsWhatIsBetweenLayersAndNoMore() {
    Map<String, List<Double>> byOperation = new ConcurrentHashMap<>();
    double[] errors =
        IntStream.range(0, NETS)
            .parallel()
            .mapToDouble(i -> error(RandomNet.draw(SEED + i), byOperation))
            .sorted()
            .toArray();
    assertThat(errors[NETS / 2]).as("of half the networks").isLessThan(2 * ROUNDING);
    assertThat(errors[NETS * 9 / 10]).as("of nine in ten").isLessThan(2 * AT_MOST);
    // Otherwise it would be float32.
    assertThat(errors[NETS / 2]).isGreaterThan(ROUNDING / 16);
    byOperation.forEach(
        (operation, own) -> {
          own.sort(null);
          assertThat(own.get((own.size() - 1) / 2))
              .as("of networks with %s: %s", operation, own)
              .isLessThan(AT_MOST);
        });
  }

  private static double error(RandomNet net, Map<String, List<Double>> byOperation) {
    NetworkConfiguration network = net.network();
    Batch batch = examples(net).batch(0, SIZE);
    try (OneDnnEngine exact = Chain.engine(network);
        OneDnnEngine rounded = Chain.engine(network, Precision.BF16)) {
      exact.computeGradient(batch, 1);
      rounded.computeGradient(batch, 1);
      double error =
          EnginesAgreeTest.distance(
              EnginesAgreeTest.doubles(exact.gradient()),
              EnginesAgreeTest.doubles(rounded.gradient()));
      assertThat(error).as(net + " of seed " + net.seed()).isFinite();
      operations(network)
          .forEach(
              operation ->
                  byOperation
                      .computeIfAbsent(
                          operation, key -> Collections.synchronizedList(new ArrayList<>()))
                      .add(error));
      return error;
    }
  }

  private static Set<String> operations(NetworkConfiguration network) {
    return GraphImport.of(network).graph().orElseThrow().nodes().stream()
        .map(node -> node.operation().words().replaceAll("[^a-z ].*", "").trim())
        .collect(Collectors.toSet());
  }

  private static Examples examples(RandomNet net) {
    return new Examples(net.network(), SIZE, EnginesAgreeTest.targets(net), false, net.seed());
  }

  @Test
  void predictsInFloat32() {
    for (RandomNet net : List.of(RandomNet.draw(SEED), RandomNet.draw(SEED + 1))) {
      NetworkConfiguration network = net.network();
      Batch batch = examples(net).batch(0, SIZE);
      try (OneDnnEngine exact = Chain.engine(network);
          OneDnnEngine rounded = Chain.engine(network, Precision.BF16)) {
        rounded.computeGradient(batch, 1);
        FloatBuffer wanted = FloatBuffer.allocate(SIZE * exact.outputs());
        FloatBuffer outputs = FloatBuffer.allocate(SIZE * exact.outputs());
        exact.predict(batch, wanted);
        rounded.predict(batch, outputs);
        assertThat(outputs.array()).isEqualTo(wanted.array());
      }
    }
  }

  @Test
  void givesTheSameBitsAgain() {
    RandomNet net = RandomNet.draw(SEED + 3);
    Batch batch = examples(net).batch(0, SIZE);
    try (OneDnnEngine one = Chain.engine(net.network(), Precision.BF16);
        OneDnnEngine other = Chain.engine(net.network(), Precision.BF16)) {
      double loss = one.computeGradient(batch, 1);
      other.computeGradient(examples(net).batch(0, SIZE / 2), 1);
      other.computeGradient(batch, 2);
      assertThat(other.computeGradient(batch, 1)).isEqualTo(loss);
      assertThat(Chain.values(other.gradient())).isEqualTo(Chain.values(one.gradient()));
    }
  }
}
