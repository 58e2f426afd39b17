package dev.zone.jobs.engine.onednn;

import dev.zone.jobs.engine.graph.Operation;
import java.nio.FloatBuffer;

/** Rows of a table by their numbers: moves that no primitive has. */
final class EmbeddingKernel {
  private final Compilation plan;
  private final int node;
  private final int input;
  private final Operation.Embedding embedding;
  private final int steps;
  private int[] numbers;

  EmbeddingKernel(Compilation plan, int node, Operation.Embedding embedding) {
    this.plan = plan;
    this.node = node;
    this.input = plan.node(node).inputs().get(0);
    this.embedding = embedding;
    this.steps = plan.node(input).shape().elements();
  }

  void compile() {
    Tensor source = plan.settled(plan.inLayout(plan.output(input), plan.plain(plan.sizes(input))));
    Tensor result = plan.allocate(plan.plain(plan.sizes(node)));
    FloatBuffer from = Floats.of(source);
    FloatBuffer to = Floats.of(result);
    numbers = new int[plan.examples(node) * steps];
    plan.append("embedding", () -> find(from, to));
    plan.setOutput(node, result);
    plan.onTheWayBack(node, this::back);
  }

  private void find(FloatBuffer from, FloatBuffer to) {
    FloatBuffer parameters = plan.vectors().parameters();
    int width = embedding.width();
    for (int i = 0; i < numbers.length; i++) {
      int row = row(from.get(i));
      numbers[i] = row;
      for (int k = 0; k < width; k++) {
        float value = parameters.get(embedding.table().from() + k * embedding.rows() + row);
        to.put(place(i, k), embedding.bias().isPresent() ? value + bias(parameters, k) : value);
      }
    }
  }

  private float bias(FloatBuffer parameters, int column) {
    return parameters.get(embedding.bias().orElseThrow().from() + column);
  }

  private int row(float number) {
    int row = (int) number;
    if (!(number >= 0) || row >= embedding.rows()) {
      throw new IllegalArgumentException(
          "Cannot find row %s (expected 0 to %d)".formatted(number, embedding.rows() - 1));
    }
    return row;
  }

  /** Where a column of a number's row is among [batch, width, steps]. */
  private int place(int number, int column) {
    return (number / steps * embedding.width() + column) * steps + number % steps;
  }

  private void back() {
    Tensor gradient =
        plan.settled(plan.inLayout(plan.gradient(node), plan.plain(plan.sizes(node))));
    FloatBuffer given = Floats.of(gradient);
    embedding.slices().forEach(plan::clearGradient);
    plan.append(
        "embedding back",
        () -> {
          for (int i = 0; i < numbers.length; i++) {
            for (int k = 0; k < embedding.width(); k++) {
              float value = given.get(place(i, k));
              add(embedding.table().from() + k * embedding.rows() + numbers[i], value);
              if (embedding.bias().isPresent()) {
                add(embedding.bias().get().from() + k, value);
              }
            }
          }
        });
  }

  private void add(int place, float value) {
    FloatBuffer gradient = plan.vectors().gradient();
    gradient.put(place, gradient.get(place) + value);
  }
}
