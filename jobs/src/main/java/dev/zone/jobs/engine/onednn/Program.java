package dev.zone.jobs.engine.onednn;

import java.util.ArrayList;
import java.util.List;

/** Steps that are run one after the other. */
final class Program {
  private final List<Named> steps = new ArrayList<>();

  /** One of them. */
  @FunctionalInterface
  interface Step {
    /** Computes. */
    void run();
  }

  private record Named(String name, Step step) {}

  void add(String name, Step step) {
    steps.add(new Named(name, step));
  }

  void run() {
    for (Named each : steps) {
      each.step.run();
    }
  }

  /** What the steps are called, in order. */
  List<String> names() {
    return steps.stream().map(Named::name).toList();
  }
}
