package dev.zone.jobs.engine.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zone.jobs.engine.graph.Operation.Dense;
import dev.zone.jobs.engine.graph.Operation.Input;
import dev.zone.jobs.engine.graph.Operation.Lstm;
import dev.zone.jobs.engine.graph.Rearrangement.Concatenation;
import dev.zone.jobs.engine.graph.Rearrangement.LastStep;
import dev.zone.jobs.engine.graph.Rearrangement.Stack;
import dev.zone.jobs.engine.graph.Rearrangement.Unstack;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GraphTest {
  private static final Loss LOSS =
      new Loss(Loss.Kind.MEAN_SQUARED, Function.TANH, Optional.empty());

  private final GraphBuilder builder = new GraphBuilder();

  private Graph graph() {
    int window = builder.add("window", new Input(0, Shape.of(3, 5)), List.of());
    int numbers = builder.add("numbers", new Input(1, Shape.of(2)), List.of());
    Lstm lstm = new Lstm(4, new Slice(0, 48), new Slice(48, 64), new Slice(112, 16));
    int steps = builder.add("lstm", lstm, List.of(window));
    int last = builder.add("last", new LastStep(), List.of(steps));
    int both = builder.add("both", new Concatenation(), List.of(last, numbers));
    Dense dense =
        new Dense(2, new Slice(128, 12), false, Optional.of(new Slice(140, 2)), Function.IDENTITY);
    return builder.build(builder.add("output", dense, List.of(both)), LOSS);
  }

  @Test
  void knowsTheShapeOfEachNode() {
    assertThat(graph().nodes().stream().map(node -> node.shape().toString()))
        .containsExactly("3x5", "2", "4x5", "4", "6", "2");
  }

  @Test
  void bringsGradientsOnlyWhereParametersAreBehind() {
    assertThat(graph().driven()).containsExactly(false, false, true, true, true, true);
  }

  @Test
  void countsWhoNeedsANode() {
    Graph graph = graph();
    assertThat(graph.uses(0)).isOne();
    assertThat(graph.uses(graph.output())).isOne();
  }

  @Test
  void isALineANodeForPeople() {
    assertThat(graph().words().lines())
        .containsExactly(
            "%0 = input 0 -> 3x5  (window)",
            "%1 = input 1 -> 2  (numbers)",
            "%2 = lstm 4 of %0 -> 4x5  (lstm)",
            "%3 = last step of %2 -> 4  (last)",
            "%4 = concatenation of %3, %1 -> 6  (both)",
            "%5 = dense 2 of %4 -> 2  (output)",
            "loss: mean squared of tanh of %5");
  }

  @Test
  void refusesANodeThatNeedsALaterOne() {
    Node early = new Node("early", new LastStep(), List.of(0), Shape.of(1));
    assertThatThrownBy(() -> new Graph(List.of(early), 0, LOSS))
        .hasMessage("Cannot compute node 0 of [0] (expected inputs before it)");
  }

  @Test
  void countsTheExamplesThatAreStacked() {
    int input = builder.add("input", new Input(0, Shape.of(4)), List.of());
    int stacked = builder.add("stacked", new Stack(), List.of(input, input, input));
    int last = builder.add("last", new Unstack(2, 3), List.of(stacked));
    assertThat(builder.build(last, LOSS).sets()).containsExactly(1, 3, 1);
    assertThat(builder.build(last, LOSS).mixesSets()).isFalse();
    assertThat(builder.build(stacked, LOSS).mixesSets()).as("an output of three sets").isTrue();
    int half = builder.add("half", new Unstack(0, 2), List.of(stacked));
    assertThat(builder.build(half, LOSS).mixesSets()).as("three in two").isTrue();
  }

  @Test
  void tellsStackedExamplesThatAreUsedWithOthers() {
    int input = builder.add("input", new Input(0, Shape.of(4)), List.of());
    int stacked = builder.add("stacked", new Stack(), List.of(input, input));
    int sum = builder.add("sum", new Mapping.Sum(Function.IDENTITY), List.of(stacked, input));
    int first = builder.add("first", new Unstack(0, 2), List.of(sum));
    assertThat(builder.build(first, LOSS).mixesSets()).isTrue();
  }

  @Test
  void coversNoStepsThatAreNotSeenOfStackedWindows() {
    int input = builder.add("input", new Input(0, Shape.of(3, 5)), List.of());
    int stacked = builder.add("stacked", new Stack(), List.of(input, input));
    int first = builder.add("first", new Unstack(0, 2), List.of(stacked));
    int last = builder.add("last", new LastStep(), List.of(first));
    assertThat(builder.build(last, LOSS).coversUnseenSteps()).isFalse();
  }
}
