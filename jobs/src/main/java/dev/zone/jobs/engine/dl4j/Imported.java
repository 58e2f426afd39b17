package dev.zone.jobs.engine.dl4j;

import dev.zone.jobs.engine.graph.Graph;
import java.util.Optional;

/**
 * A configuration as a graph, or why it is none.
 *
 * @param graph the network, every layer of it
 * @param reason what has no operation, to stand behind "because"; empty if there is a graph
 */
public record Imported(Optional<Graph> graph, Optional<String> reason) {
  static Imported of(Graph graph) {
    return new Imported(Optional.of(graph), Optional.empty());
  }

  static Imported not(String reason) {
    return new Imported(Optional.empty(), Optional.of(reason));
  }
}
