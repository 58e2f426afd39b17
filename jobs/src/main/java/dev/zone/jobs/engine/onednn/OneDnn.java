package dev.zone.jobs.engine.onednn;

import dev.zone.conf.error.RootCause;
import java.util.Optional;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.javacpp.Loader;

/**
 * The library in this process. Which of the processor's instructions it uses it reads from the
 * variable ONEDNN_MAX_CPU_ISA, which a plan pins: others give other last bits.
 */
public final class OneDnn {
  /** Compiled primitives that are kept for the next plan of the same shapes. */
  private static final int PRIMITIVES_KEPT = 512;

  private static final Optional<String> PROBLEM = load();

  private OneDnn() {}

  /** Why it cannot be used here, for people; empty if it can. */
  public static Optional<String> problem() {
    return PROBLEM;
  }

  private static Optional<String> load() {
    try {
      Loader.load(dnnl.class);
      dnnl.set_primitive_cache_capacity(PRIMITIVES_KEPT);
      return Optional.empty();
    } catch (RuntimeException | LinkageError e) {
      return Optional.of("oneDNN cannot be loaded: " + RootCause.line(e));
    }
  }

  /** The processor, to be closed by the caller. */
  static engine processor() {
    return new engine(engine.kind.cpu, 0);
  }
}
