package dev.zone.jobs.engine.onednn;

import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.nd4j.linalg.activations.Activation;

/** What all random networks end in. */
final class Ends {
  static final int OUTPUTS = 3;
  static final float[] WEIGHTS = {0.5f, 2, 1.25f};

  private Ends() {}

  /** Makes features of a window or an image. */
  static Layer joining(int rank) {
    return rank == 2
        ? new GlobalPoolingLayer.Builder(PoolingType.AVG).build()
        : new DenseLayer.Builder().nOut(4).activation(Activation.TANH).build();
  }
}
