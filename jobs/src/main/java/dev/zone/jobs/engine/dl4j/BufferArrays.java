package dev.zone.jobs.engine.dl4j;

import dev.zone.jobs.model.InputLayout;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.indexer.FloatIndexer;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Arrays of the values of direct buffers. Where ND4J computes in Java's memory they are the
 * buffers' own, without copying but for images with their channels last; a training fills the same
 * few buffers again and again, so the arrays are kept by buffer and shape. Where a device has its
 * own memory they are copies.
 */
final class BufferArrays {
  /** Buffers; each may have the sizes of the full and the last batch. */
  private static final int KEPT = 64;

  private final IdentityHashMap<FloatBuffer, Map<List<Long>, INDArray>> arrays =
      new IdentityHashMap<>();

  private final boolean shared;

  /**
   * @param shared whether ND4J computes in Java's memory
   */
  BufferArrays(boolean shared) {
    this.shared = shared;
  }

  /** An array [shape] in row-major order over the buffer's first values. */
  INDArray of(FloatBuffer buffer, long... shape) {
    if (!shared) {
      return copy(buffer, shape);
    }
    if (arrays.size() >= KEPT && !arrays.containsKey(buffer)) {
      // Somebody brings new buffers all the time: nothing to keep.
      arrays.clear();
    }
    return arrays
        .computeIfAbsent(buffer, any -> new HashMap<>())
        .computeIfAbsent(Arrays.stream(shape).boxed().toList(), any -> wrap(buffer, shape));
  }

  private static INDArray copy(FloatBuffer buffer, long... shape) {
    INDArray array = Nd4j.createUninitialized(DataType.FLOAT, shape, 'c');
    HostMemory.view(array).put(0, buffer, 0, Math.toIntExact(array.length()));
    HostMemory.changed(array);
    return array;
  }

  /** Writes an array's values in row-major order of a shape to a buffer's beginning. */
  void write(INDArray values, FloatBuffer buffer, long... shape) {
    if (shared) {
      of(buffer, shape).assign(values);
      return;
    }
    try (INDArray dense = values.reshape(shape).dup('c')) {
      buffer.put(0, HostMemory.view(dense), 0, Math.toIntExact(dense.length()));
    }
  }

  /** The array that a network wants of an input's values. */
  INDArray of(FloatBuffer buffer, int size, InputLayout layout) {
    if (layout.axes() == InputLayout.Axes.FLAT) {
      return of(buffer, size, layout.elements());
    }
    long[] shape = new long[layout.shape().size() + 1];
    shape[0] = size;
    for (int i = 1; i < shape.length; i++) {
      shape[i] = layout.shape().get(i - 1);
    }
    INDArray array = of(buffer, shape);
    if (layout.axes() == InputLayout.Axes.AS_IS || shape.length < 3) {
      return array;
    }
    // A copy: of a view of images ND4J's depthwise convolution reads what is not there.
    return shape.length == 3 ? array.permute(0, 2, 1) : array.permute(0, 2, 3, 1).dup('c');
  }

  private static INDArray wrap(FloatBuffer buffer, long[] shape) {
    long length = Arrays.stream(shape).reduce(1, Math::multiplyExact);
    if (!buffer.isDirect()
        || !buffer.order().equals(ByteOrder.nativeOrder())
        || buffer.capacity() < length) {
      throw new IllegalArgumentException(
          "Cannot use buffer: %s of order %s (expected a direct one of %s with %d values or more)"
              .formatted(buffer, buffer.order(), ByteOrder.nativeOrder(), length));
    }
    // The pointer keeps the buffer, and the array the pointer.
    FloatPointer pointer = new FloatPointer(buffer.duplicate().clear());
    DataBuffer data =
        Nd4j.createBuffer(pointer, DataType.FLOAT, length, FloatIndexer.create(pointer));
    return Nd4j.create(data, shape, Nd4j.getStrides(shape, 'c'), 0, 'c', DataType.FLOAT);
  }
}
