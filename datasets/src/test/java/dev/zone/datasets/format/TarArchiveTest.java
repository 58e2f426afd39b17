package dev.zone.datasets.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zone.datasets.DataFiles;
import dev.zone.datasets.TarFiles;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipException;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TarArchiveTest {
  private static final Limits SMALL =
      new Limits(100_000, 150_000, 3, 50, 1000, 1 << 20, 10, 100, 1 << 20);

  @TempDir private Path folder;

  private List<String> read(String name, byte[] bytes, Limits limits) throws IOException {
    DataFiles.bytes(folder.resolve(name), bytes);
    List<String> found = new ArrayList<>();
    try (TarArchive tar = TarArchive.open(folder.resolve(name), limits)) {
      for (Optional<TarArchive.Entry> each = tar.next(); each.isPresent(); each = tar.next()) {
        found.add(
            each.get().name()
                + "="
                + new String(tar.content().readAllBytes(), StandardCharsets.UTF_8));
      }
    }
    return found;
  }

  private void assertRefused(byte[] bytes, Limits limits, String message) {
    assertThatThrownBy(() -> read("a.tar", bytes, limits))
        .isInstanceOf(FormatException.class)
        .hasMessage(message);
  }

  @Test
  void givesFilesAsTheyStand() throws IOException {
    String deep = "deep/".repeat(40) + "b.txt";
    byte[] tar =
        TarFiles.tar("./z.txt", "1\n", "in/", new TarArchiveEntry("in/"), deep, "", "a", "2");
    List<String> expected = List.of("z.txt=1\n", deep + "=", "a=2");
    assertThat(read("a.tar", tar, Limits.DEFAULT)).isEqualTo(expected);
    assertThat(read("a.TGZ", TarFiles.gzip(tar), Limits.DEFAULT)).isEqualTo(expected);
    assertThat(read("a.tar.gz", TarFiles.gzip(tar), Limits.DEFAULT)).isEqualTo(expected);
  }

  @Test
  void passesOverWhatIsNotRead() throws IOException {
    DataFiles.bytes(folder.resolve("a.tar"), TarFiles.tar("a", "x".repeat(9999), "b", "2"));
    try (TarArchive tar = TarArchive.open(folder.resolve("a.tar"), Limits.DEFAULT)) {
      assertThat(tar.next()).contains(new TarArchive.Entry("a", 9999));
      assertThat(tar.content().read()).isEqualTo('x');
      assertThat(tar.next()).contains(new TarArchive.Entry("b", 1));
      assertThat(tar.next()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"../evil", "/evil", "in/../../evil", "C:evil", "..\\evil"})
  void refusesEntriesThatEscape(String name) {
    assertRefused(
        TarFiles.tar(name, "x"),
        Limits.DEFAULT,
        "Cannot read tar: entry '%s' escapes its folder (expected a path inside)".formatted(name));
  }

  @Test
  void refusesLinksAndDevices() {
    for (byte type : new byte[] {TarConstants.LF_SYMLINK, TarConstants.LF_LINK}) {
      TarArchiveEntry link = new TarArchiveEntry("x", type);
      link.setLinkName("/etc/passwd");
      assertRefused(
          TarFiles.tar("x", link),
          Limits.DEFAULT,
          "Cannot read tar: entry 'x' is a link (expected files and folders)");
    }
    assertRefused(
        TarFiles.tar("x", new TarArchiveEntry("x", TarConstants.LF_FIFO)),
        Limits.DEFAULT,
        "Cannot read tar: entry 'x' is of type 54 (expected files and folders)");
  }

  @Test
  void refusesBombs() throws IOException {
    assertRefused(
        TarFiles.tar("a", "0".repeat(100_001)),
        SMALL,
        "Cannot read tar: entry 'a' has 100001 bytes (expected at most 100000)");
    String part = "0".repeat(90_000);
    assertRefused(
        TarFiles.tar("a", part, "b", part),
        SMALL,
        "Cannot read tar: its entries have more than 150000 bytes (expected at most that)");
    assertRefused(
        TarFiles.tar("a", "", "b", "", "c", "", "d", ""),
        SMALL,
        "Cannot read tar: more than 3 entries (expected at most that)");
    byte[] packed = TarFiles.gzip(TarFiles.tar("a", part));
    assertThatThrownBy(() -> read("a.tgz", packed, SMALL))
        .hasMessage(
            "Cannot read tar: it unpacks more than 50 times larger (expected at most that)");
    // The library takes minutes to write a name of that length, but not another attribute.
    TarArchiveEntry wordy = new TarArchiveEntry("n");
    wordy.addPaxHeader("comment", "x".repeat(1 << 19));
    assertRefused(
        TarFiles.tar("n", wordy),
        Limits.DEFAULT,
        "Cannot read tar: more than 262144 bytes of headers before an entry (expected fewer)");
  }

  @Test
  void refusesATarThatEndsEarly() throws IOException {
    byte[] whole = TarFiles.tar("a", "x".repeat(600), "b", "y");
    assertThatThrownBy(() -> read("a.tar", Arrays.copyOf(whole, 700), Limits.DEFAULT))
        .isInstanceOf(Exception.class)
        .hasMessageContaining("Truncated TAR archive");
    assertThatThrownBy(() -> read("a.tar", Arrays.copyOf(whole, 512 + 1024), Limits.DEFAULT))
        .isInstanceOf(EOFException.class)
        .hasMessage("the tar ends without its mark of the end");
    byte[] packed = TarFiles.gzip(whole);
    assertThatThrownBy(
            () -> read("a.tgz", Arrays.copyOf(packed, packed.length - 30), Limits.DEFAULT))
        .isInstanceOf(EOFException.class);
    assertThatThrownBy(() -> read("a.tgz", whole, Limits.DEFAULT))
        .isInstanceOf(ZipException.class)
        .hasMessage("Not in GZIP format");
    byte[] changed = whole.clone();
    changed[0] = 'c';
    assertRefused(
        changed,
        Limits.DEFAULT,
        "Cannot read tar: the header of entry 'c' does not match its checksum (expected a complete tar)");
  }
}
