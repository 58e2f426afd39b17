package dev.zone.jobs.update;

import dev.zone.conf.TrainingSpec;
import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.ZoneException;
import dev.zone.jobs.engine.Engine;
import dev.zone.jobs.engine.Sums;
import dev.zone.jobs.engine.dl4j.Dl4jEngine;
import dev.zone.jobs.engine.dl4j.Dl4jNetwork;
import dev.zone.jobs.engine.dl4j.GraphImport;
import dev.zone.jobs.engine.dl4j.Imported;
import dev.zone.jobs.engine.onednn.OneDnn;
import dev.zone.jobs.engine.onednn.OneDnnEngine;
import dev.zone.jobs.model.NetworkConfiguration;
import java.nio.FloatBuffer;
import java.util.Optional;

/**
 * Engine and update over one DL4J network. Confined to the thread that made it.
 *
 * @param network what both work on
 * @param engine fills the network's gradient
 * @param update turns that gradient into new parameters
 */
public record Dl4jTraining(Dl4jNetwork network, Engine engine, Update update)
    implements AutoCloseable {

  /**
   * How a network is computed.
   *
   * @param engine see {@link EngineChoice}
   * @param precision of steps of training; anything but float32 with the compiled engine only
   */
  public record How(EngineChoice.Engine engine, TrainingSpec.Precision precision) {
    /** By DL4J's own layers. */
    public static final How DL4J = of(EngineChoice.Engine.DL4J);

    /** In float32. */
    public static How of(EngineChoice.Engine engine) {
      return new How(engine, TrainingSpec.Precision.FLOAT32);
    }
  }

  /**
   * Makes a network, its engine and its update.
   *
   * @param initialParameters where to start, float32 [n]; from the configuration's seed if empty,
   *     the same on every thread
   */
  public static Dl4jTraining create(
      NetworkConfiguration configuration, Optional<FloatBuffer> initialParameters) {
    return create(configuration, initialParameters, Optional.empty());
  }

  /**
   * Makes a network, its engine and its update.
   *
   * @param initialParameters where to start, float32 [n]; from the configuration's seed if empty,
   *     the same on every thread
   * @param statistics what adds the statistics of batch normalisation over all ranks; if empty,
   *     each rank normalises by its own examples
   */
  public static Dl4jTraining create(
      NetworkConfiguration configuration,
      Optional<FloatBuffer> initialParameters,
      Optional<Sums> statistics) {
    return create(configuration, initialParameters, statistics, How.DL4J);
  }

  /**
   * Makes a network, its engine and its update.
   *
   * @param initialParameters where to start, float32 [n]; from the configuration's seed if empty,
   *     the same on every thread
   * @param statistics what adds the statistics of batch normalisation over all ranks; if empty,
   *     each rank normalises by its own examples
   * @param how it is computed
   * @throws ZoneException of the resources if this machine cannot compute with it
   */
  public static Dl4jTraining create(
      NetworkConfiguration configuration,
      Optional<FloatBuffer> initialParameters,
      Optional<Sums> statistics,
      How how) {
    Dl4jNetwork network = Dl4jNetwork.create(configuration, initialParameters, statistics);
    Optional<Update> fused = FusedUpdate.of(network).map(Update.class::cast);
    Engine dl4j = new Dl4jEngine(network);
    return new Dl4jTraining(
        network,
        how.engine() == EngineChoice.Engine.DL4J
            ? dl4j
            : compiled(configuration, dl4j, how.precision()),
        fused.orElseGet(() -> new Dl4jUpdate(network)));
  }

  private static Engine compiled(
      NetworkConfiguration configuration, Engine dl4j, TrainingSpec.Precision precision) {
    OneDnn.problem()
        .ifPresent(
            problem -> {
              throw new ZoneException(
                  ErrorKind.RESOURCES,
                  "Cannot compute with oneDNN: %s (expected training.engine: dl4j, or machines that can)"
                      .formatted(problem));
            });
    Imported imported = GraphImport.of(configuration);
    return new OneDnnEngine(
        imported
            .graph()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "Cannot compute with oneDNN, because " + imported.reason().orElseThrow())),
        steps -> GraphImport.ofPieces(configuration, steps),
        dl4j,
        precision);
  }

  @Override
  public void close() {
    engine.close();
  }
}
