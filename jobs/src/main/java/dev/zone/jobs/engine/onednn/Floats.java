package dev.zone.jobs.engine.onednn;

import java.nio.FloatBuffer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;

/** Native memory as Java's buffers, and the other way round. */
final class Floats {
  private Floats() {}

  /** A tensor's memory as it lies, blocks and padding included. */
  static FloatBuffer of(Tensor tensor) {
    long floats = tensor.layout().get_size() / Float.BYTES;
    return new FloatPointer(tensor.address()).capacity(floats).asBuffer();
  }

  /** The address of a tensor's number, counted as they lie. */
  static Pointer address(Tensor tensor, long number) {
    return new FloatPointer(tensor.address()).capacity(number + 1).getPointer(number);
  }

  /** Moves equally many numbers. */
  static void move(FloatBuffer from, int start, FloatBuffer to, int at, int length) {
    to.put(at, from, start, length);
  }
}
