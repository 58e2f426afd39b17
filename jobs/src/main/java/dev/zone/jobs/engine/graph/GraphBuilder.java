package dev.zone.jobs.engine.graph;

import java.util.ArrayList;
import java.util.List;

/** Makes a graph, node after node. */
public final class GraphBuilder {
  private final List<Node> nodes = new ArrayList<>();

  /**
   * Adds a node.
   *
   * @param inputs nodes it is computed of
   * @return its index
   */
  public int add(String name, Operation operation, List<Integer> inputs) {
    Shape shape = operation.shape(inputs.stream().map(this::shape).toList());
    nodes.add(new Node(name, operation, inputs, shape));
    return nodes.size() - 1;
  }

  /** The shape of a node's values. */
  public Shape shape(int node) {
    return nodes.get(node).shape();
  }

  /** The graph of all nodes so far. */
  public Graph build(int output, Loss loss) {
    return new Graph(nodes, output, loss);
  }
}
