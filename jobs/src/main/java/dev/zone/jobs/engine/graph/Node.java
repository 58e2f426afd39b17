package dev.zone.jobs.engine.graph;

import java.util.List;

/**
 * One operation of a graph.
 *
 * @param name of the layer it comes from, for people
 * @param operation what it computes
 * @param inputs indexes of the nodes it computes it of; all before it
 * @param shape of what comes out
 */
public record Node(String name, Operation operation, List<Integer> inputs, Shape shape) {
  public Node {
    inputs = List.copyOf(inputs);
  }
}
