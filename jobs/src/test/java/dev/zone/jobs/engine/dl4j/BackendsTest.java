package dev.zone.jobs.engine.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zone.conf.PlanSpec.Device;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.factory.Nd4jBackend;

class BackendsTest {
  private static final String SERVICE = "META-INF/services/org.nd4j.linalg.factory.Nd4jBackend";

  @TempDir private Path folder;

  @Test
  void showsOneOfSeveralBackends() throws IOException {
    Path service = folder.resolve(SERVICE);
    Files.createDirectories(service.getParent());
    Files.writeString(service, "# ours\norg.nd4j.linalg.jcublas.JCublasBackend\n");
    URL[] urls = {folder.toUri().toURL()};
    try (URLClassLoader both = new URLClassLoader(urls, getClass().getClassLoader())) {
      assertThat(Collections.list(both.getResources(SERVICE))).hasSize(2);
      ClassLoader cuda = Backends.showing("org.nd4j.linalg.jcublas.JCublasBackend", both);
      List<URL> shown = Collections.list(cuda.getResources(SERVICE));
      assertThat(shown).extracting(URL::getPath).containsExactly(service.toString());
      ClassLoader cpu = Backends.showing("org.nd4j.linalg.cpu.nativecpu.CpuBackend", both);
      assertThat(ServiceLoader.load(Nd4jBackend.class, cpu))
          .singleElement()
          .isInstanceOf(org.nd4j.linalg.cpu.nativecpu.CpuBackend.class);
      assertThat(Collections.list(cpu.getResources("META-INF/MANIFEST.MF")))
          .hasSameSizeAs(Collections.list(both.getResources("META-INF/MANIFEST.MF")));
    }
  }

  @Test
  void keepsToWhatAProcessChoseFirst() {
    Backends.use(Device.CPU);
    Backends.use(Device.CPU);
    assertThatThrownBy(() -> Backends.use(Device.CUDA))
        .hasMessage("Cannot compute with CUDA: this process computes with CPU");
    assertThat(Backends.tryOut()).isEmpty();
    assertThat(Backends.cudaProblem()).contains("the application's jars hold no CUDA backend");
  }
}
