package dev.zone.jobs.engine.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Merges nodes that are computed together for less: a function into what it is applied to, and a
 * reshaping into the dense layer behind it, which takes all values of an example in any shape.
 * Functions are moved behind poolings before, where that is the same.
 */
public final class Fusion {
  private final Graph graph;
  private final List<Node> merged = new ArrayList<>();

  /** Where the values of an old node are found among the merged. */
  private final int[] places;

  private Fusion(Graph graph) {
    this.graph = graph;
    this.places = new int[graph.nodes().size()];
  }

  /** The same network with fewer nodes. */
  public static Graph of(Graph graph) {
    return new Fusion(Postponement.of(graph)).run();
  }

  private Graph run() {
    for (int i = 0; i < places.length; i++) {
      Node node = graph.nodes().get(i);
      places[i] = functionMerged(node).orElseGet(() -> added(node));
    }
    // What a dense layer no longer needs is still there.
    return pruned(new Graph(merged, places[graph.output()], graph.loss()));
  }

  private int added(Node node) {
    List<Integer> inputs = node.inputs().stream().map(input -> places[input]).toList();
    merged.add(
        node.operation() instanceof Operation.Dense dense
            ? withoutReshaping(node, dense, merged.get(inputs.get(0)), inputs)
            : new Node(node.name(), node.operation(), inputs, node.shape()));
    return merged.size() - 1;
  }

  private static Node withoutReshaping(
      Node node, Operation.Dense dense, Node before, List<Integer> inputs) {
    if (!(before.operation() instanceof Rearrangement.Reshape reshape)) {
      return new Node(node.name(), dense, inputs, node.shape());
    }
    Operation.Dense ordered =
        new Operation.Dense(
            dense.outputs(),
            dense.weights(),
            reshape.channelsLast(),
            dense.bias(),
            dense.function());
    return new Node(node.name(), ordered, before.inputs(), node.shape());
  }

  /** Applies a function where its only argument is computed. */
  private Optional<Integer> functionMerged(Node node) {
    if (!(node.operation() instanceof Mapping.Activation activation)) {
      return Optional.empty();
    }
    int argument = node.inputs().get(0);
    if (graph.uses(argument) != 1) {
      return Optional.empty();
    }
    int place = places[argument];
    Node before = merged.get(place);
    return before
        .operation()
        .followedBy(activation.function())
        .map(
            operation -> {
              merged.set(
                  place, new Node(before.name(), operation, before.inputs(), before.shape()));
              return place;
            });
  }

  /** Without nodes that nobody uses. */
  private static Graph pruned(Graph graph) {
    int[] places = new int[graph.nodes().size()];
    List<Node> kept = new ArrayList<>();
    boolean[] used = used(graph);
    for (int i = 0; i < places.length; i++) {
      Node node = graph.nodes().get(i);
      if (used[i]) {
        places[i] = kept.size();
        List<Integer> inputs = node.inputs().stream().map(input -> places[input]).toList();
        kept.add(new Node(node.name(), node.operation(), inputs, node.shape()));
      }
    }
    return new Graph(kept, places[graph.output()], graph.loss());
  }

  private static boolean[] used(Graph graph) {
    boolean[] used = new boolean[graph.nodes().size()];
    used[graph.output()] = true;
    for (int i = used.length - 1; i >= 0; i--) {
      if (used[i]) {
        graph.nodes().get(i).inputs().forEach(input -> used[input] = true);
      }
    }
    return used;
  }
}
