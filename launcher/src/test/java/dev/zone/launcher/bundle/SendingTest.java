package dev.zone.launcher.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zone.datasets.format.Digests;
import dev.zone.datasets.storage.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SendingTest {
  @TempDir private Path folder;

  private ApplicationJars.Jar jar(String name, String content) throws IOException {
    Path file = folder.resolve(name);
    Files.writeString(file, content);
    return new ApplicationJars.Jar(name, file, content.length(), Digests.ofFile(file));
  }

  private List<String> stored() throws IOException {
    Path root = folder.resolve("storage");
    try (Stream<Path> files = Files.walk(root)) {
      return files.filter(Files::isRegularFile).map(f -> root.relativize(f).toString()).toList();
    }
  }

  @Test
  void sendsEachContentOnce() throws IOException {
    Storage storage = Storage.local(folder.resolve("storage"));
    ApplicationJars.Jar a = jar("a.jar", "first");
    ApplicationJars.Jar b = jar("b.jar", "second one");
    Sending sending = new Sending(storage);
    assertThat(sending.jars(List.of(a, b)))
        .containsExactly("jars/" + a.sha256() + "/a.jar", "jars/" + b.sha256() + "/b.jar");
    assertThat(sending.sentBytes()).isEqualTo(15);
    assertThat(stored()).hasSize(2);

    Sending again = new Sending(storage);
    ApplicationJars.Jar changed = jar("b.jar", "another");
    again.jars(List.of(a, changed));
    assertThat(again.sentBytes()).isEqualTo(7);
    assertThat(stored()).hasSize(3);
  }

  @Test
  void leavesNothingBehindOfAJarThatChangedMeanwhile() throws IOException {
    Storage storage = Storage.local(folder.resolve("storage"));
    ApplicationJars.Jar jar = jar("a.jar", "as planned");
    Files.writeString(jar.path(), "changed");
    assertThatThrownBy(() -> new Sending(storage).jars(List.of(jar)))
        .hasMessage(
            "Cannot send %s: it changed since it was planned (expected SHA-256 %s)"
                .formatted(jar.path(), jar.sha256()));
    assertThat(stored()).isEmpty();
  }
}
