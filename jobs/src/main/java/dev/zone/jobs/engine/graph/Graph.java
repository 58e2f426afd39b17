package dev.zone.jobs.engine.graph;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A network: nodes in an order in which they can be computed.
 *
 * @param nodes each after those it needs; inputs of the network first
 * @param output index of the node whose values, [outputs], the loss compares with the targets
 *     before its own function is applied
 * @param loss what is made small
 */
public record Graph(List<Node> nodes, int output, Loss loss) {
  public Graph {
    nodes = List.copyOf(nodes);
    for (int i = 0; i < nodes.size(); i++) {
      int own = i;
      if (nodes.get(i).inputs().stream().anyMatch(input -> input < 0 || input >= own)) {
        throw new IllegalArgumentException(
            "Cannot compute node %d of %s (expected inputs before it)"
                .formatted(i, nodes.get(i).inputs()));
      }
    }
  }

  /** How many nodes need another one's values, the loss counted as one. */
  public int uses(int node) {
    long uses =
        nodes.stream().flatMap(each -> each.inputs().stream()).filter(i -> i == node).count();
    return Math.toIntExact(uses) + (node == output ? 1 : 0);
  }

  /** Which nodes' values depend on parameters that are learned: gradients have to come to them. */
  public boolean[] driven() {
    boolean[] driven = new boolean[nodes.size()];
    for (int i = 0; i < driven.length; i++) {
      Node node = nodes.get(i);
      driven[i] =
          !(node.operation() instanceof Mapping.Stop)
              && (!node.operation().slices().isEmpty()
                  || node.inputs().stream().anyMatch(input -> driven[input]));
    }
    return driven;
  }

  /** How many examples each node has for one of the batch: more than one where some are stacked. */
  public int[] sets() {
    int[] sets = new int[nodes.size()];
    for (int i = 0; i < sets.length; i++) {
      Node node = nodes.get(i);
      sets[i] = node.operation().sets(node.inputs().stream().map(input -> sets[input]).toList());
    }
    return sets;
  }

  /** Whether examples are stacked somewhere as others are not that they are used with. */
  public boolean mixesSets() {
    int[] sets = sets();
    return sets[output] != 1
        || nodes.stream()
            .filter(node -> !(node.operation() instanceof Rearrangement.Stack))
            .anyMatch(node -> node.inputs().stream().map(i -> sets[i]).distinct().count() > 1)
        || nodes.stream()
            .anyMatch(
                node ->
                    node.operation() instanceof Rearrangement.Unstack unstack
                        && sets[node.inputs().get(0)] % unstack.of() != 0);
  }

  /** Steps of the windows among the inputs; 1 without any. */
  public int steps() {
    return nodes.stream()
        .filter(node -> node.operation() instanceof Operation.Input)
        .filter(node -> node.shape().rank() == 2)
        .mapToInt(node -> node.shape().axis(1))
        .findFirst()
        .orElse(1);
  }

  /**
   * Whether windows may end with steps that are not seen: what works on each step by itself, or
   * from step to step, need not know of them.
   */
  public boolean coversUnseenSteps() {
    return nodes.stream().allMatch(this::coversUnseenSteps);
  }

  /** Whether what it computes of a piece of a window depends on that and on those before alone. */
  public boolean goesOnFromPieceToPiece() {
    return nodes.stream().noneMatch(node -> node.operation() instanceof Rearrangement.Reversal);
  }

  private boolean coversUnseenSteps(Node node) {
    boolean ofWindows = node.inputs().stream().anyMatch(i -> nodes.get(i).shape().rank() == 2);
    if (!ofWindows) {
      return true;
    }
    Operation operation = node.operation();
    if (operation instanceof Operation.Convolution convolution) {
      Shape before = nodes.get(node.inputs().get(0)).shape();
      return convolution.window().kernel().equals(List.of(1))
          && node.shape().axis(1) == before.axis(1);
    }
    if (operation instanceof Rearrangement.Reversal reversal) {
      return reversal.ofSeen();
    }
    if (operation instanceof Rearrangement.Part) {
      return node.shape().axis(1) == nodes.get(node.inputs().get(0)).shape().axis(1);
    }
    return !(operation instanceof Operation.Pooling
        || operation instanceof Operation.Normalization
        || operation instanceof Operation.Dense
        || operation instanceof Operation.Embedding
        || operation instanceof Mapping.UnitLength
        || operation instanceof Rearrangement.Reshape
        || operation instanceof Rearrangement.Stack
        || operation instanceof Rearrangement.Unstack
        || operation instanceof Rearrangement.Padding
        || operation instanceof Rearrangement.Repetition);
  }

  /** One line a node, for people. */
  public String words() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < nodes.size(); i++) {
      Node node = nodes.get(i);
      String inputs =
          node.inputs().stream().map(input -> "%" + input).collect(Collectors.joining(", "));
      text.append(
          "%%%d = %s%s -> %s  (%s)%n"
              .formatted(
                  i,
                  node.operation().words(),
                  inputs.isEmpty() ? "" : " of " + inputs,
                  node.shape(),
                  node.name()));
    }
    return text.append("loss: ").append(loss.words()).append(" of %").append(output).toString();
  }
}
