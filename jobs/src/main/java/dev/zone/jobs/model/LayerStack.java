package dev.zone.jobs.model;

import dev.zone.conf.ModelSpec;
import java.util.List;
import java.util.function.Consumer;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.nd4j.linalg.activations.Activation;

/** Layers one after the other; numbered names tell people where they are. */
final class LayerStack {
  private final NeuralNetConfiguration.ListBuilder list;
  private int size;
  private Consumer<BaseLayer.Builder<?>> firstOwn = none -> {};

  LayerStack(NeuralNetConfiguration.Builder base) {
    this.list = base.list();
  }

  /** Says what the first layer that holds weights has of its own. */
  LayerStack first(Consumer<BaseLayer.Builder<?>> own) {
    firstOwn = own;
    return this;
  }

  private <B extends BaseLayer.Builder<B>> B own(B builder) {
    if (size == 0) {
      firstOwn.accept(builder);
    }
    return builder;
  }

  /** Index of the next layer. */
  int size() {
    return size;
  }

  NeuralNetConfiguration.ListBuilder list() {
    return list;
  }

  LayerStack add(String kind, Layer layer) {
    layer.setLayerName(kind + "-" + size);
    list.layer(size++, layer);
    return this;
  }

  /**
   * Dense layers, each with dropout before it.
   *
   * @param dropout share of each layer's inputs that is set to 0
   */
  LayerStack dense(List<Integer> units, ModelSpec.Activation activation, double dropout) {
    for (int width : units) {
      add(
          "dense",
          dropped(
                  own(
                      new DenseLayer.Builder()
                          .nOut(width)
                          .activation(Base.activation(activation))
                          .weightInit(Base.weightInit(activation))),
                  dropout)
              .build());
    }
    return this;
  }

  /** A dense layer whose sums are normalised before the activation. */
  LayerStack normalisedDense(int width, ModelSpec.Activation activation, double dropout) {
    add(
        "dense",
        dropped(
                own(
                    new DenseLayer.Builder()
                        .nOut(width)
                        .activation(Activation.IDENTITY)
                        .hasBias(false)
                        .weightInit(Base.weightInit(activation))),
                dropout)
            .build());
    add("normalisation", new BatchNormalization.Builder().build());
    return add("activation", new ActivationLayer(Base.activation(activation)));
  }

  /** Averages or takes the largest over image or time; nothing for {@code FLATTEN}. */
  LayerStack join(ModelSpec.Joint joint) {
    return switch (joint) {
      case FLATTEN -> this;
      case AVERAGE -> add("average", new GlobalPoolingLayer.Builder(PoolingType.AVG).build());
      case MAX -> add("largest", new GlobalPoolingLayer.Builder(PoolingType.MAX).build());
    };
  }

  LayerStack output(Outputs outputs, int width, double dropout) {
    return output(outputs, width, dropout, false);
  }

  /**
   * @param each whether every step of a window is put out
   */
  LayerStack output(Outputs outputs, int width, double dropout, boolean each) {
    return add("output", outputs.layer(width, dropout, each));
  }

  MultiLayerConfiguration build(InputType input) {
    return list.setInputType(input).build();
  }

  /** DL4J's dropout is on a layer's inputs, and its number is the share that stays. */
  static <B extends Layer.Builder<B>> B dropped(B builder, double dropout) {
    return dropout > 0 ? builder.dropOut(1 - dropout) : builder;
  }
}
