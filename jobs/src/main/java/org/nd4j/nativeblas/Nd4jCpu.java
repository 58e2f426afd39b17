package org.nd4j.nativeblas;

/**
 * The name that ND4J's native bindings had before 1.0.0-M2. DL4J 1.0.0-M2.1 still looks for it: its
 * {@code BaseMKLDNNHelper.mklDnnEnabled} asks {@code Nd4jCpu$Environment} by reflection whether the
 * native library was built with oneDNN, finds no such class, and never uses oneDNN. This class
 * passes the question on to where the bindings are now, which makes convolution, pooling and batch
 * normalisation several times faster. It takes effect with {@code
 * -Dorg.eclipse.deeplearning4j.helpers.disable=false} and a build of libnd4j with oneDNN.
 *
 * <p>It must have this very name, so it lives in ND4J's package rather than in ours.
 */
public final class Nd4jCpu {
  private Nd4jCpu() {}

  /** What the native library says of itself. */
  public static final class Environment {
    private static final Environment INSTANCE = new Environment();

    private Environment() {}

    /** Called by reflection. */
    public static Environment getInstance() {
      return INSTANCE;
    }

    /** Called by reflection: whether the loaded library has oneDNN. */
    public boolean isUseMKLDNN() {
      return org.nd4j.linalg.cpu.nativecpu.bindings.Nd4jCpu.Environment.getInstance().isUseONEDNN();
    }
  }
}
