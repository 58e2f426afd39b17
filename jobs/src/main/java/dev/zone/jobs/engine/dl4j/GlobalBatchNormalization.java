package dev.zone.jobs.engine.dl4j;

import java.util.Collection;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * DL4J's BatchNormalization, made as a layer that normalises by the global batch. It stands in a
 * living network only, never in a configuration that leaves it: the two differ in the class's name
 * and nothing else. Public because DL4J makes configurations by reflection.
 */
public final class GlobalBatchNormalization extends BatchNormalization {
  private static final long serialVersionUID = 1L;

  private static final String PLAIN = '"' + BatchNormalization.class.getName() + '"';
  private static final String GLOBAL = '"' + GlobalBatchNormalization.class.getName() + '"';

  /** The configuration with this class in the place of DL4J's. */
  static String installed(String json) {
    return json.replace(PLAIN, GLOBAL);
  }

  /** The configuration as it was before. */
  static String removed(String json) {
    return json.replace(GLOBAL, PLAIN);
  }

  @Override
  public Layer instantiate(
      NeuralNetConfiguration conf,
      Collection<TrainingListener> listeners,
      int index,
      INDArray parameters,
      boolean initialize,
      DataType type) {
    GlobalBatchNormalizationLayer layer = new GlobalBatchNormalizationLayer(conf, type);
    layer.setListeners(listeners);
    layer.setIndex(index);
    layer.setParamsViewArray(parameters);
    layer.setParamTable(initializer().init(conf, parameters, initialize));
    layer.setConf(conf);
    return layer;
  }
}
