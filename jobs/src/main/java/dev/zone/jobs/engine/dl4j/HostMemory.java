package dev.zone.jobs.engine.dl4j;

import java.nio.FloatBuffer;
import org.nd4j.linalg.api.concurrency.AffinityManager.Location;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The memory of ND4J's arrays as Java sees it. With the CPU's backend it is the memory that ND4J
 * computes in. With CUDA's it is a copy: what Java reads is fetched from the device before, and
 * what Java wrote is declared, so that the device's next operation takes it.
 */
public final class HostMemory {
  private HostMemory() {}

  /** Whether Java and ND4J share one memory. */
  public static boolean isShared() {
    return Backends.isNative();
  }

  /**
   * The array's values; only for arrays that start their buffer and lie densely. The buffer stays
   * that of the array; see {@link #fetch} and {@link #changed}.
   */
  public static FloatBuffer view(INDArray array) {
    fetch(array);
    FloatBuffer all = array.data().asNioFloat();
    return all.slice(all.position(), Math.toIntExact(array.length()));
  }

  /** To be called before Java reads what ND4J may have computed. */
  public static void fetch(INDArray array) {
    Nd4j.getAffinityManager().ensureLocation(array, Location.HOST);
  }

  /**
   * To be called after Java wrote and before ND4J computes with it. What ND4J computed in the array
   * must have been fetched: it is overwritten.
   */
  public static void changed(INDArray array) {
    Nd4j.getAffinityManager().tagLocation(array, Location.HOST);
  }
}
