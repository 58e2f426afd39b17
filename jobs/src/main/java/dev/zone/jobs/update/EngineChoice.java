package dev.zone.jobs.update;

import dev.zone.conf.TrainingSpec;
import dev.zone.conf.TrainingSpec.BatchStatistics;
import dev.zone.conf.error.Problems;
import dev.zone.jobs.engine.dl4j.GraphImport;
import dev.zone.jobs.engine.dl4j.Imported;
import dev.zone.jobs.engine.graph.Fusion;
import dev.zone.jobs.engine.graph.Graph;
import dev.zone.jobs.engine.onednn.OneDnn;
import dev.zone.jobs.model.NetworkConfiguration;
import java.util.Optional;

/**
 * Which engine computes a network, found before anything is computed: every rank of every attempt
 * takes the same.
 *
 * @param engine the one
 * @param reason why it is not the faster one; empty if it is
 * @param graph what the faster one compiles, if it is the one
 * @param layers of the network
 */
public record EngineChoice(
    Engine engine, Optional<String> reason, Optional<Graph> graph, int layers) {

  /** The engines. */
  public enum Engine {
    /** Plans of oneDNN's primitives. */
    ONEDNN("onednn"),
    /** DL4J's own layers. */
    DL4J("dl4j");

    private final String title;

    Engine(String title) {
      this.title = title;
    }

    /** For people and records. */
    public String title() {
      return title;
    }
  }

  /**
   * What besides the network decides.
   *
   * @param training of the job
   * @param masked whether windows have steps that the model is not to see
   * @param gpus whether workers have GPUs
   */
  public record Circumstances(TrainingSpec training, boolean masked, boolean gpus) {}

  /** The fastest engine that covers all of a network, or the one that the job wants. */
  public static EngineChoice of(NetworkConfiguration network, Circumstances circumstances) {
    int layers = network.layers().size();
    if (circumstances.training.engine() == TrainingSpec.Engine.DL4J) {
      return dl4j("the job says so", layers);
    }
    Optional<String> reason = against(circumstances);
    if (reason.isPresent()) {
      return dl4j(reason.get(), layers);
    }
    Imported imported = GraphImport.of(network);
    if (imported.graph().isEmpty()) {
      return dl4j(imported.reason().orElseThrow(), layers);
    }
    Graph graph = imported.graph().get();
    if (circumstances.masked && !graph.coversUnseenSteps()) {
      return dl4j("its windows end with steps that are not seen", layers);
    }
    return new EngineChoice(Engine.ONEDNN, Optional.empty(), Optional.of(graph), layers);
  }

  private static EngineChoice dl4j(String reason, int layers) {
    return new EngineChoice(Engine.DL4J, Optional.of(reason), Optional.empty(), layers);
  }

  private static Optional<String> against(Circumstances circumstances) {
    if (circumstances.gpus) {
      return Optional.of("workers have GPUs");
    }
    if (circumstances.training.batchStatistics() == BatchStatistics.GLOBAL) {
      return Optional.of("batch normalisation is over all workers");
    }
    return OneDnn.problem();
  }

  /** Adds a problem if the job wants another engine than can be had, or what only that one has. */
  public void check(TrainingSpec training, Problems problems) {
    if (training.engine() == TrainingSpec.Engine.ONEDNN && engine != Engine.ONEDNN) {
      problems.add(
          "training.engine",
          "Cannot use training.engine: onednn (expected dl4j or auto, because %s)"
              .formatted(reason.orElseThrow()));
    } else if (training.precision() == TrainingSpec.Precision.BF16 && engine != Engine.ONEDNN) {
      problems.add(
          "training.precision",
          "Cannot use training.precision: bf16 (expected float32, because the engine is dl4j: %s)"
              .formatted(reason.orElseThrow()));
    }
  }

  /** In a line for people: {@code onednn (all 11 layers)}. */
  public String words() {
    return reason
        .map(why -> engine.title + ", because " + why)
        .orElseGet(
            () ->
                layers == 1
                    ? engine.title + " (its only layer)"
                    : "%s (all %d layers)".formatted(engine.title, layers));
  }

  /** The graph that is compiled, a line a node; empty without one. */
  public Optional<String> explanation() {
    return graph.map(own -> Fusion.of(own).words());
  }
}
