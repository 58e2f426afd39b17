package dev.zone.jobs.engine.dl4j;

import java.nio.FloatBuffer;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.shape.Shape;

/**
 * Where the values of each channel lie in an array [batch, channels], [batch, channels, height,
 * width] or [batch, height, width, channels] in row-major order: blocks after blocks, in each the
 * channels, of each channel so many neighbours.
 *
 * @param neighbours height times width; 1 if channels are the last axis
 */
record Channels(int blocks, int channels, int neighbours) {

  static Channels of(INDArray array, CNN2DFormat format) {
    int batch = Math.toIntExact(array.size(0));
    return switch (array.rank()) {
      case 2 -> new Channels(batch, Math.toIntExact(array.size(1)), 1);
      case 4 ->
          format == CNN2DFormat.NCHW
              ? new Channels(
                  batch,
                  Math.toIntExact(array.size(1)),
                  Math.toIntExact(array.size(2) * array.size(3)))
              : new Channels(
                  Math.toIntExact(batch * array.size(1) * array.size(2)),
                  Math.toIntExact(array.size(3)),
                  1);
      default ->
          throw new IllegalArgumentException(
              "Cannot normalise by the global batch: activations of %d axes (expected 2 or 4)"
                  .formatted(array.rank()));
    };
  }

  /** Values in all. */
  int size() {
    return Math.multiplyExact(Math.multiplyExact(blocks, channels), neighbours);
  }

  /** Values of one channel. */
  int perChannel() {
    return blocks * neighbours;
  }

  /** The array's values in row-major order, into the first places of a vector. */
  void read(INDArray array, float[] into) {
    boolean dense = array.ordering() == 'c' && Shape.hasDefaultStridesForShape(array);
    INDArray ordered = dense ? array : array.dup('c');
    FloatBuffer values = HostMemory.view(ordered);
    values.get(0, into, 0, size());
  }

  /** Sum over each channel of value less that channel's centre, to the first or second power. */
  void addUp(float[] values, double[] centres, boolean squared, double[] sums) {
    for (int block = 0; block < blocks; block++) {
      for (int channel = 0; channel < channels; channel++) {
        int from = (block * channels + channel) * neighbours;
        double centre = centres[channel];
        double sum = 0;
        for (int i = from; i < from + neighbours; i++) {
          double difference = values[i] - centre;
          sum += squared ? difference * difference : difference;
        }
        sums[channel] += sum;
      }
    }
  }

  /** Sum over each channel of the product of value less centre and another value. */
  void addUpProducts(float[] values, double[] centres, float[] others, double[] sums) {
    for (int block = 0; block < blocks; block++) {
      for (int channel = 0; channel < channels; channel++) {
        int from = (block * channels + channel) * neighbours;
        double centre = centres[channel];
        double sum = 0;
        for (int i = from; i < from + neighbours; i++) {
          sum += (values[i] - centre) * others[i];
        }
        sums[channel] += sum;
      }
    }
  }

  /** Replaces each value by factor · value + otherFactor · other + addend of its channel. */
  void combine(
      float[] values, double[] factors, float[] others, double[] otherFactors, double[] addends) {
    for (int block = 0; block < blocks; block++) {
      for (int channel = 0; channel < channels; channel++) {
        int from = (block * channels + channel) * neighbours;
        double factor = factors[channel];
        double otherFactor = otherFactors[channel];
        double addend = addends[channel];
        for (int i = from; i < from + neighbours; i++) {
          values[i] = (float) (factor * values[i] + otherFactor * others[i] + addend);
        }
      }
    }
  }
}
