package dev.zone.jobs.engine.dl4j;

import dev.zone.jobs.engine.graph.GraphBuilder;
import dev.zone.jobs.engine.graph.Mapping.Dropout;
import java.util.List;
import org.deeplearning4j.nn.conf.dropout.AlphaDropout;
import org.deeplearning4j.nn.conf.dropout.GaussianDropout;
import org.deeplearning4j.nn.conf.dropout.GaussianNoise;
import org.deeplearning4j.nn.conf.dropout.IDropout;
import org.deeplearning4j.nn.conf.dropout.SpatialDropout;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.nd4j.linalg.schedule.ISchedule;

/** DL4J's dropout of what a layer gets. */
final class DropoutImport {
  private final GraphBuilder graph;

  /** Whether DL4J's arrays of images have their channels last. */
  private final boolean channelsLast;

  DropoutImport(GraphBuilder graph, boolean channelsLast) {
    this.graph = graph;
    this.channelsLast = channelsLast;
  }

  /** What a layer gets of a node's values in training. */
  int before(String name, Layer layer, int input) throws UncoveredException {
    IDropout dropout = layer.getIDropout();
    if (dropout == null) {
      return input;
    }
    boolean applied =
        layer instanceof DenseLayer
            || layer instanceof BaseOutputLayer
            // DL4J's windows get no dropout on their way back.
            || layer instanceof ConvolutionLayer && !(layer instanceof Convolution1DLayer)
            || layer instanceof LSTM
            || layer instanceof DropoutLayer;
    if (!applied) {
      throw new UncoveredException("of its " + dropout);
    }
    Dropout own = operation(dropout, input);
    return changesNothing(own) ? input : graph.add(name, own, List.of(input));
  }

  private static boolean changesNothing(Dropout dropout) {
    return switch (dropout.kind()) {
      case PLAIN, SPATIAL, ALPHA -> dropout.amount() >= 1;
      case GAUSSIAN, NOISE -> dropout.amount() == 0;
    };
  }

  private Dropout operation(IDropout dropout, int input) throws UncoveredException {
    Class<?> type = dropout.getClass();
    if (type == org.deeplearning4j.nn.conf.dropout.Dropout.class) {
      var own = (org.deeplearning4j.nn.conf.dropout.Dropout) dropout;
      return of(Dropout.Kind.PLAIN, own.getP(), own.getPSchedule());
    }
    if (type == SpatialDropout.class) {
      SpatialDropout own = (SpatialDropout) dropout;
      requireChannels(input);
      return of(Dropout.Kind.SPATIAL, own.getP(), own.getPSchedule());
    }
    if (type == GaussianDropout.class) {
      GaussianDropout own = (GaussianDropout) dropout;
      double deviation = Math.sqrt(own.getRate() / (1 - own.getRate()));
      return of(Dropout.Kind.GAUSSIAN, deviation, own.getRateSchedule());
    }
    if (type == AlphaDropout.class) {
      AlphaDropout own = (AlphaDropout) dropout;
      boolean plain =
          own.getAlpha() == AlphaDropout.DEFAULT_ALPHA
              && own.getLambda() == AlphaDropout.DEFAULT_LAMBDA;
      if (!plain) {
        throw new UncoveredException("of its alpha dropout's numbers");
      }
      return of(Dropout.Kind.ALPHA, own.getP(), own.getPSchedule());
    }
    if (type == GaussianNoise.class) {
      GaussianNoise own = (GaussianNoise) dropout;
      return of(Dropout.Kind.NOISE, own.getStddev(), own.getStddevSchedule());
    }
    throw new UncoveredException("of its " + dropout);
  }

  private static Dropout of(Dropout.Kind kind, double amount, ISchedule schedule)
      throws UncoveredException {
    if (schedule != null) {
      throw new UncoveredException("its dropout has a schedule");
    }
    return new Dropout(kind, amount);
  }

  /** DL4J draws for the first two axes, whatever they are. */
  private void requireChannels(int input) throws UncoveredException {
    int rank = graph.shape(input).rank();
    if (rank == 1 || rank > 2 && channelsLast) {
      throw new UncoveredException("of what its spatial dropout is of");
    }
  }
}
