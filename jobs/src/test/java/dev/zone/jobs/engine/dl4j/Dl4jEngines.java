package dev.zone.jobs.engine.dl4j;

import dev.zone.jobs.engine.Engine;
import dev.zone.jobs.model.NetworkConfiguration;
import java.util.Optional;

/** DL4J's engine for tests of other packages. */
public final class Dl4jEngines {
  private Dl4jEngines() {}

  /** An engine that starts from the configuration's seed. */
  public static Engine of(NetworkConfiguration network) {
    return new Dl4jEngine(Dl4jNetwork.create(network, Optional.empty()));
  }
}
