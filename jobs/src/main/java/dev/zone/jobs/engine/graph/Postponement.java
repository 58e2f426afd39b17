package dev.zone.jobs.engine.graph;

import java.util.ArrayList;
import java.util.List;

/**
 * Moves functions that keep the order of numbers behind the largest of windows: it is of the same
 * places, and there are fewer values to apply the function to. Where equal values had gone to it, a
 * rectifier's for instance, no gradient does.
 */
final class Postponement {
  private Postponement() {}

  /** The same network, as many nodes. */
  static Graph of(Graph graph) {
    List<Node> nodes = new ArrayList<>(graph.nodes());
    for (int i = 0; i < nodes.size(); i++) {
      Node pooling = nodes.get(i);
      if (pooling.operation() instanceof Operation.Pooling own
          && own.largest()
          && own.function().isIdentity()) {
        int before = pooling.inputs().get(0);
        Node function = nodes.get(before);
        if (keepsOrder(function) && graph.uses(before) == 1) {
          nodes.set(
              before,
              new Node(pooling.name(), pooling.operation(), function.inputs(), pooling.shape()));
          nodes.set(
              i, new Node(function.name(), function.operation(), List.of(before), pooling.shape()));
        }
      }
    }
    return new Graph(nodes, graph.output(), graph.loss());
  }

  private static boolean keepsOrder(Node node) {
    return node.operation() instanceof Mapping.Activation activation
        && activation.function().keepsOrder();
  }
}
