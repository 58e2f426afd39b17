package dev.zone.datasets.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.ZoneException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalStorageTest extends StorageContract {
  @TempDir Path folder;

  @Override
  Storage fresh() {
    return Storage.local(folder.resolve("deep/root"));
  }

  @Test
  void isWhatAUriWithoutSchemeOrWithFileNames() throws IOException {
    for (String uri : new String[] {folder.toString(), "file:" + folder, "file://" + folder}) {
      try (Storage storage = Storage.of(URI.create(uri), Map.of())) {
        assertThat(storage.place("a/b")).isEqualTo(folder.resolve("a/b").toString());
      }
    }
    for (String uri : new String[] {"file:relative", "file://host/folder", ""}) {
      assertThatThrownBy(() -> Storage.of(URI.create(uri), Map.of()))
          .isInstanceOfSatisfying(
              ZoneException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.USER))
          .hasMessage(
              "Cannot use storage: " + uri + " (expected a folder, such as file:/data/zone)");
    }
  }

  @Test
  void followsNoLinkBelowTheRoot() throws IOException {
    Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
    Files.writeString(elsewhere.resolve("file"), "secret");
    Path root = Files.createDirectory(folder.resolve("root"));
    Files.createSymbolicLink(root.resolve("link"), elsewhere);
    Storage storage = Storage.local(root);
    String message = root.resolve("link") + ": a link, which may lead out of the storage";
    assertThatThrownBy(() -> storage.open("link/file")).hasMessage(message);
    assertThatThrownBy(() -> write(storage, "link/other", "x")).hasMessage(message);
    assertThatThrownBy(() -> storage.list("link")).hasMessage(message);
    assertThatThrownBy(() -> storage.deleteTree("link/file")).hasMessage(message);
    // A tree with a link in it goes, what the link leads to stays.
    storage.makeFolders("tree");
    Files.createSymbolicLink(root.resolve("tree/link"), elsewhere);
    storage.deleteTree("tree");
    assertThat(root.toFile().list()).containsExactly("link");
    assertThat(elsewhere.resolve("file")).hasContent("secret");
  }

  @Test
  void doesNotTakeAnErrorForAnAbsence() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "x");
    assertThat(Storage.local(file).exists("below")).isFalse();
    Path loop = Files.createSymbolicLink(folder.resolve("loop"), folder.resolve("loop"));
    assertThatThrownBy(() -> Storage.local(loop).exists("below")).isInstanceOf(IOException.class);
  }
}
