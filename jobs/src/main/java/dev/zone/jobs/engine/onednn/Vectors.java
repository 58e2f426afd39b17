package dev.zone.jobs.engine.onednn;

import dev.zone.jobs.engine.graph.Slice;
import java.nio.FloatBuffer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;

/**
 * The flat parameters and gradient as a plan sees them: live, the same memory for the plan's life.
 *
 * @param parameters float32 [n], direct
 * @param gradient float32 [n], direct
 */
record Vectors(FloatBuffer parameters, FloatBuffer gradient) {

  /** Address of a slice of the parameters. */
  Pointer parameters(Slice slice) {
    return address(parameters, slice);
  }

  /** Address of a slice of the gradient. */
  Pointer gradient(Slice slice) {
    return address(gradient, slice);
  }

  private static Pointer address(FloatBuffer vector, Slice slice) {
    return new FloatPointer(vector.slice(slice.from(), slice.length()));
  }
}
