package dev.zone.jobs.model;

import dev.zone.conf.error.Problems;
import java.util.concurrent.atomic.AtomicInteger;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.wrapper.BaseWrapperLayer;

/**
 * Whether a network from a file can be normalised by the global batch: each of its layers of batch
 * normalisation must be one of the network's own, with learnt scale and shift. (Frozen ones use
 * their running statistics and need nothing.)
 */
final class NormalisationCheck {
  private static final String USE = "Cannot use training.batchStatistics: global with ";

  private NormalisationCheck() {}

  static void check(Foreign network, String name, Problems problems) {
    AtomicInteger found = new AtomicInteger();
    network
        .layers()
        .forEach(
            (layer, conf) -> {
              if (conf.getLayer() instanceof BatchNormalization normalisation) {
                found.incrementAndGet();
                if (normalisation.isLockGammaBeta()) {
                  problems.add(
                      name,
                      USE
                          + "layer '"
                          + layer
                          + "': it locks gamma and beta (expected learnt ones)");
                }
              } else if (innermost(conf.getLayer()) instanceof BatchNormalization) {
                found.incrementAndGet();
                problems.add(
                    name,
                    USE
                        + "layer '"
                        + layer
                        + "': it is wrapped (expected batch normalisation as a layer of its own)");
              }
            });
    if (found.get() == 0) {
      problems.add(
          name,
          USE
              + "this network: it has no batch normalisation (expected some, or batchStatistics: replica)");
    }
  }

  private static Layer innermost(Layer layer) {
    return layer instanceof BaseWrapperLayer wrapper ? innermost(wrapper.getUnderlying()) : layer;
  }
}
