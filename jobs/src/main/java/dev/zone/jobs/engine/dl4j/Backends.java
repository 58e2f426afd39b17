package dev.zone.jobs.engine.dl4j;

import dev.zone.conf.PlanSpec.Device;
import dev.zone.conf.error.RootCause;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Optional;
import org.bytedeco.javacpp.Loader;
import org.nd4j.common.config.ND4JClassLoading;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.factory.Nd4jBackend;

/**
 * Which of the backends on the class path ND4J loads. Left to itself it takes CUDA's wherever its
 * jars are and the machine has some GPU, in drivers too.
 */
public final class Backends {
  private static final String SERVICE = "META-INF/services/org.nd4j.linalg.factory.Nd4jBackend";
  private static final String CUDA = "org.nd4j.linalg.jcublas.JCublasBackend";
  private static final String NATIVE = "org.nd4j.linalg.cpu.nativecpu.CpuBackend";

  /** What a process chose; ND4J loads one backend for good. */
  private static Device chosen;

  private Backends() {}

  /**
   * Has ND4J load a device's backend. To be called before anything else of ND4J.
   *
   * @throws IllegalStateException if this process chose another before
   */
  public static synchronized void use(Device device) {
    if (chosen != null) {
      if (chosen != device) {
        throw new IllegalStateException(
            "Cannot compute with %s: this process computes with %s".formatted(device, chosen));
      }
      return;
    }
    chosen = device;
    ND4JClassLoading.setNd4jClassloader(
        showing(device == Device.CUDA ? CUDA : NATIVE, Backends.class.getClassLoader()));
  }

  /** A class loader that shows of the backends that another one has only one. */
  static ClassLoader showing(String backend, ClassLoader of) {
    return new OneBackend(of, backend);
  }

  /** Whether ND4J computes on the CPU. Loads it. */
  static boolean isNative() {
    return !Nd4j.getBackend().getClass().getName().equals(CUDA);
  }

  /**
   * Why CUDA's backend cannot be loaded in this process, for people; empty if it can. Loads CUDA's
   * own libraries, nothing of ND4J's.
   */
  public static Optional<String> cudaProblem() {
    try {
      Class<?> backend = Class.forName(CUDA, true, Backends.class.getClassLoader());
      Nd4jBackend cuda = (Nd4jBackend) backend.getDeclaredConstructor().newInstance();
      if (!cuda.isAvailable()) {
        return Optional.of("CUDA finds no device");
      }
      Loader.load(Class.forName("org.bytedeco.cuda.global.cusolver"));
      return Optional.empty();
    } catch (ClassNotFoundException e) {
      return Optional.of("the application's jars hold no CUDA backend");
    } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
      return Optional.of("CUDA's libraries cannot be loaded: " + RootCause.line(e));
    }
  }

  /**
   * Has ND4J compute something small whose result is known. Loads it.
   *
   * @return what went wrong, for people; empty if nothing did
   */
  public static Optional<String> tryOut() {
    try (INDArray matrix = Nd4j.createFromArray(new float[][] {{1, 2}, {3, 4}});
        INDArray square = matrix.mmul(matrix)) {
      float[] values = square.dup('c').data().asFloat();
      return Arrays.equals(values, new float[] {7, 10, 15, 22})
          ? Optional.empty()
          : Optional.of("a product of two matrices came out as " + Arrays.toString(values));
    } catch (RuntimeException | LinkageError e) {
      return Optional.of(RootCause.line(e));
    }
  }

  /** Shows of the backends that jars offer one. */
  private static final class OneBackend extends ClassLoader {
    private final String name;

    OneBackend(ClassLoader parent, String name) {
      super(parent);
      this.name = name;
    }

    @Override
    public Enumeration<URL> getResources(String resource) throws IOException {
      Enumeration<URL> all = super.getResources(resource);
      if (!resource.equals(SERVICE)) {
        return all;
      }
      List<URL> own = Collections.list(all).stream().filter(this::offersIt).toList();
      return Collections.enumeration(own);
    }

    private boolean offersIt(URL service) {
      try (InputStream in = service.openStream()) {
        String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        return text.lines().anyMatch(line -> line.strip().equals(name));
      } catch (IOException e) {
        // What cannot be read offers nothing.
        return false;
      }
    }
  }
}
