package dev.zone.jobs.engine.graph;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zone.jobs.engine.graph.Function.Kind;
import dev.zone.jobs.engine.graph.Mapping.Activation;
import dev.zone.jobs.engine.graph.Mapping.Sum;
import dev.zone.jobs.engine.graph.Operation.Convolution;
import dev.zone.jobs.engine.graph.Operation.Dense;
import dev.zone.jobs.engine.graph.Operation.Input;
import dev.zone.jobs.engine.graph.Operation.Normalization;
import dev.zone.jobs.engine.graph.Operation.Pooling;
import dev.zone.jobs.engine.graph.Rearrangement.Reshape;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FusionTest {
  private static final Loss LOSS =
      new Loss(Loss.Kind.CROSS_ENTROPY, Function.IDENTITY, Optional.empty());

  private final GraphBuilder graph = new GraphBuilder();
  private final int image = graph.add("input", new Input(0, Shape.of(2, 4, 4)), List.of());

  private int convolution(int from) {
    Window window = Window.same(graph.shape(from), List.of(3, 3), List.of(1, 1), List.of(1, 1));
    return graph.add(
        "convolution",
        new Convolution(2, window, new Slice(0, 36), false, Optional.empty(), Function.IDENTITY),
        List.of(from));
  }

  private int activation(Function function, int from) {
    return graph.add("activation", new Activation(function), List.of(from));
  }

  private int pooling(boolean largest, int from) {
    Window window = Window.same(graph.shape(from), List.of(2, 2), List.of(2, 2), List.of(1, 1));
    return graph.add("pooling", new Pooling(largest, window, Function.IDENTITY), List.of(from));
  }

  private int dense(int from) {
    int flat =
        graph.add(
            "flat", new Reshape(Shape.of(graph.shape(from).elements()), false), List.of(from));
    return graph.add(
        "dense",
        new Dense(3, new Slice(36, 96), false, Optional.empty(), Function.IDENTITY),
        List.of(flat));
  }

  private List<String> fused(int output) {
    return Fusion.of(graph.build(output, LOSS)).nodes().stream()
        .map(node -> node.operation().words())
        .toList();
  }

  @Test
  void appliesAFunctionWhereItsArgumentIsComputedAndReshapesNothingForADenseLayer() {
    int output = dense(activation(Function.RELU, convolution(image)));
    assertThat(fused(output)).containsExactly("input 0", "convolution 2 of 3x3, relu", "dense 3");
  }

  @Test
  void keepsAFunctionWhoseDerivativeNeedsItsArgument() {
    int output = dense(activation(new Function(Kind.SOFTPLUS, 0), convolution(image)));
    assertThat(fused(output))
        .containsExactly("input 0", "convolution 2 of 3x3", "softplus", "dense 3");
  }

  @Test
  void keepsWhatIsUsedWithoutTheFunctionToo() {
    int convolution = convolution(image);
    int activated = activation(Function.TANH, convolution);
    int sum = graph.add("sum", new Sum(Function.IDENTITY), List.of(convolution, activated));
    assertThat(fused(dense(activation(Function.RELU, sum))))
        .containsExactly("input 0", "convolution 2 of 3x3", "tanh", "sum, relu", "dense 3");
  }

  @Test
  void rectifiesWhatIsNormalised() {
    int normalised =
        graph.add(
            "normalised",
            new Normalization(
                new Slice(132, 2),
                new Slice(134, 2),
                new Slice(136, 2),
                new Slice(138, 2),
                new Normalization.Settings(1e-5, 0.9, true, false, false)),
            List.of(convolution(image)));
    assertThat(fused(dense(activation(Function.RELU, normalised))))
        .containsExactly("input 0", "convolution 2 of 3x3", "normalization, relu", "dense 3");
    assertThat(fused(dense(activation(Function.TANH, normalised)))).contains("tanh");
  }

  @Test
  void keepsOneFunctionBehindAnother() {
    int output = dense(activation(Function.TANH, activation(Function.RELU, convolution(image))));
    assertThat(fused(output))
        .containsExactly("input 0", "convolution 2 of 3x3, relu", "tanh", "dense 3");
  }

  @Test
  void appliesAFunctionThatKeepsTheOrderToTheLargestAlone() {
    assertThat(fused(dense(pooling(true, activation(Function.RELU, convolution(image))))))
        .containsExactly("input 0", "convolution 2 of 3x3", "largest of 2x2, relu", "dense 3");
    assertThat(fused(dense(pooling(false, activation(Function.RELU, convolution(image))))))
        .containsExactly("input 0", "convolution 2 of 3x3, relu", "average of 2x2", "dense 3");
  }

  @Test
  void movesNothingBehindAFunctionThatIsThere() {
    int pooled = pooling(true, activation(Function.RELU, convolution(image)));
    Graph once = Fusion.of(graph.build(dense(activation(Function.TANH, pooled)), LOSS));
    assertThat(Fusion.of(once).words()).isEqualTo(once.words());
  }

  @Test
  void keepsAFunctionOfAllPlacesThatHasASmallerValueOfALargerNumber() {
    Function swish = new Function(Kind.SWISH, 1);
    assertThat(fused(dense(pooling(true, activation(swish, convolution(image))))))
        .containsExactly(
            "input 0", "convolution 2 of 3x3", "swish 1.0", "largest of 2x2", "dense 3");
  }

  @Test
  void keepsAFunctionOfAllPlacesWhoseValuesOthersNeed() {
    int activated = activation(Function.RELU, convolution(image));
    int pooled = pooling(true, activated);
    int second = pooling(false, activated);
    int sum = graph.add("sum", new Sum(Function.IDENTITY), List.of(pooled, second));
    assertThat(fused(dense(sum)))
        .containsExactly(
            "input 0",
            "convolution 2 of 3x3, relu",
            "largest of 2x2",
            "average of 2x2",
            "sum",
            "dense 3");
  }
}
