package dev.zone.bench.dl4j;

import dev.zone.bench.contest.Examples;
import dev.zone.bench.contest.Workload;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** The workloads' networks and examples as Deeplearning4j has them. */
public final class Networks {
  private static final int SIDE = 32;
  private static final int SEED = 7;

  private Networks() {}

  public static MultiLayerConfiguration of(Workload workload) {
    NeuralNetConfiguration.ListBuilder layers =
        new NeuralNetConfiguration.Builder()
            .seed(SEED)
            .weightInit(WeightInit.RELU)
            .activation(Activation.RELU)
            .updater(new Adam(Workload.LEARNING_RATE))
            .list();
    OutputLayer output =
        new OutputLayer.Builder(LossFunction.MCXENT)
            .nOut(workload.classes())
            .weightInit(WeightInit.XAVIER)
            .activation(Activation.SOFTMAX)
            .build();
    return switch (workload) {
      case CNN ->
          layers
              .layer(convolution(16))
              .layer(pooling())
              .layer(convolution(32))
              .layer(pooling())
              .layer(new DenseLayer.Builder().nOut(128).build())
              .layer(output)
              .setInputType(InputType.convolutional(SIDE, SIDE, 1))
              .build();
      case MLP ->
          layers
              .layer(new DenseLayer.Builder().nOut(256).build())
              .layer(new DenseLayer.Builder().nOut(128).build())
              .layer(output)
              .setInputType(InputType.feedForward(workload.width()))
              .build();
      case LSTM ->
          layers
              .layer(lstm(64))
              .layer(new LastTimeStep(lstm(32)))
              .layer(output)
              .setInputType(InputType.recurrent(workload.width(), workload.steps()))
              .build();
    };
  }

  private static ConvolutionLayer convolution(int filters) {
    return new ConvolutionLayer.Builder(3, 3)
        .nOut(filters)
        .convolutionMode(ConvolutionMode.Same)
        .build();
  }

  private static SubsamplingLayer pooling() {
    return new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.MAX)
        .kernelSize(2, 2)
        .stride(2, 2)
        .build();
  }

  private static LSTM lstm(int units) {
    return new LSTM.Builder()
        .nOut(units)
        .weightInit(WeightInit.XAVIER)
        .activation(Activation.TANH)
        .build();
  }

  /** The examples in batches, in their order. */
  public static List<DataSet> batches(Examples examples, int size) {
    List<DataSet> batches = new ArrayList<>();
    for (int from = 0; from < examples.size(); from += size) {
      batches.add(batch(examples, from, Math.min(size, examples.size() - from)));
    }
    return batches;
  }

  private static DataSet batch(Examples examples, int from, int size) {
    Workload workload = examples.workload();
    int elements = workload.elements();
    float[] values = new float[size * elements];
    System.arraycopy(examples.inputs(), from * elements, values, 0, values.length);
    INDArray flat = Nd4j.createFromArray(values);
    INDArray inputs =
        switch (workload) {
          case CNN -> flat.reshape(size, 1, SIDE, SIDE);
          case MLP -> flat.reshape(size, elements);
          // Deeplearning4j has the steps last.
          case LSTM ->
              flat.reshape(size, workload.steps(), workload.width()).permute(0, 2, 1).dup('c');
        };
    float[] oneHot = new float[size * workload.classes()];
    for (int i = 0; i < size; i++) {
      oneHot[i * workload.classes() + examples.labels()[from + i]] = 1;
    }
    return new DataSet(inputs, Nd4j.createFromArray(oneHot).reshape(size, workload.classes()));
  }
}
