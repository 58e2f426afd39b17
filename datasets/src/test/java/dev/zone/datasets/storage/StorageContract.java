package dev.zone.datasets.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.storage.Storage.StoredFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every storage promises. */
@Timeout(120)
abstract class StorageContract {
  private static final List<String> BOTH = List.of("one", "two");

  /** An empty one, whose root is not there yet. */
  abstract Storage fresh() throws IOException;

  @Test
  void isEmptyBeforeAnythingIsWritten() throws IOException {
    try (Storage storage = fresh()) {
      assertThat(storage.list("")).isEmpty();
      assertThat(storage.list("a/b")).isEmpty();
      assertThat(storage.exists("")).isFalse();
      assertThat(storage.exists("a/b")).isFalse();
      storage.makeFolders("");
      assertThat(storage.exists("")).isTrue();
      assertThat(storage.list("")).isEmpty();
    }
  }

  @Test
  void givesBackEveryByte() throws IOException {
    byte[] bytes = new byte[3_000_001];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i * 31 + (i >> 8));
    }
    try (Storage storage = fresh()) {
      storage.makeFolders("a/b");
      storage.write(
          "a/b/file.f32",
          out -> {
            out.write(bytes[0]);
            out.write(bytes, 1, 1_500_000);
            out.write(bytes, 1_500_001, bytes.length - 1_500_001);
            out.close();
          });
      storage.write("a/b/empty", out -> {});
      assertThat(storage.list("a")).containsExactly("b");
      assertThat(storage.list("a/b")).containsExactly("empty", "file.f32");
      assertThat(storage.exists("a/b/file.f32")).isTrue();
      try (StoredFile file = storage.open("a/b/file.f32")) {
        assertThat(file.size()).isEqualTo(bytes.length);
        assertThat(Arrays.equals(file.bytes().readAllBytes(), bytes)).isTrue();
      }
      try (StoredFile file = storage.open("a/b/empty")) {
        assertThat(file.size()).isZero();
        assertThat(file.bytes().read()).isEqualTo(-1);
      }
    }
  }

  @Test
  void replacesNothing() throws IOException {
    try (Storage storage = fresh()) {
      storage.makeFolders("from");
      storage.makeFolders("to");
      write(storage, "from/file", "new");
      write(storage, "to/file", "old");
      assertThatThrownBy(() -> write(storage, "to/file", "new"))
          .isInstanceOf(FileAlreadyExistsException.class)
          .hasMessage(storage.place("to/file"));
      assertThatThrownBy(() -> storage.rename("from", "to"))
          .isInstanceOf(FileAlreadyExistsException.class)
          .hasMessage(storage.place("to"));
      assertThat(read(storage, "to/file")).isEqualTo("old");
      assertThat(read(storage, "from/file")).isEqualTo("new");
      storage.makeFolders("empty");
      assertThatThrownBy(() -> storage.rename("from", "empty"))
          .isInstanceOf(FileAlreadyExistsException.class);
      assertThat(storage.list("")).containsExactly("empty", "from", "to");
    }
  }

  @Test
  void givesBackAFilesEnd() throws IOException {
    try (Storage storage = fresh()) {
      storage.makeFolders("a");
      write(storage, "a/file", "0123456789");
      for (int from : new int[] {0, 3, 10, 11}) {
        try (StoredFile file = storage.open("a/file", from)) {
          assertThat(file.size()).isEqualTo(10);
          assertThat(new String(file.bytes().readAllBytes(), StandardCharsets.UTF_8))
              .isEqualTo("0123456789".substring(Math.min(from, 10)));
        }
      }
    }
  }

  @Test
  void makesAFileOnceHoweverManyTry() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try (Storage storage = fresh()) {
      storage.makeFolders("a");
      for (int round = 0; round < 10; round++) {
        String name = "a/file-" + round;
        CountDownLatch start = new CountDownLatch(1);
        List<Future<Boolean>> tries = new java.util.ArrayList<>();
        for (int i = 0; i < 8; i++) {
          byte[] own = Integer.toString(i).repeat(1000).getBytes(StandardCharsets.UTF_8);
          tries.add(
              threads.submit(
                  () -> {
                    start.await();
                    try {
                      storage.create(name, own);
                      return true;
                    } catch (FileAlreadyExistsException e) {
                      return false;
                    }
                  }));
        }
        start.countDown();
        int winner = -1;
        for (int i = 0; i < 8; i++) {
          if (tries.get(i).get()) {
            assertThat(winner).isEqualTo(-1);
            winner = i;
          }
        }
        try (StoredFile file = storage.open(name)) {
          assertThat(new String(file.bytes().readAllBytes(), StandardCharsets.UTF_8))
              .isEqualTo(Integer.toString(winner).repeat(1000));
        }
      }
      assertThat(storage.list("a")).hasSize(10);
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void takesNamesThatFactoriesGiveTheirFiles() throws IOException {
    try (Storage storage = fresh()) {
      // Java names such files only where the system's encoding has their letters.
      boolean unicode = "UTF-8".equals(System.getProperty("sun.jnu.encoding"));
      String file = (unicode ? "数据" : "data") + ",v1+2@x.csv";
      String name = "Los 7 (neu)/" + file;
      storage.makeFolders("Los 7 (neu)");
      write(storage, name, "x");
      assertThat(storage.list("Los 7 (neu)")).containsExactly(file);
      assertThat(storage.exists(name)).isTrue();
    }
  }

  @Test
  void isSeenFromAFolderToo() throws IOException {
    try (Storage storage = fresh()) {
      Storage below = storage.below("a/b");
      below.makeFolders("");
      write(below, "file", "x");
      assertThat(storage.list("a/b")).containsExactly("file");
      below.close();
      assertThat(below.place("file")).isEqualTo(storage.place("a/b/file"));
      assertThat(storage.exists("a/b/file")).isTrue();
    }
  }

  @Test
  void saysWhenAFileWasChanged() throws IOException {
    try (Storage storage = fresh()) {
      storage.makeFolders("a");
      write(storage, "a/file", "x");
      assertThat(storage.modified("a/file"))
          .isBetween(
              java.time.Instant.now().minusSeconds(60), java.time.Instant.now().plusSeconds(60));
      assertThatThrownBy(() -> storage.modified("a/none")).isInstanceOf(NoSuchFileException.class);
    }
  }

  @Test
  void replacesAFileAsAWhole() throws IOException {
    try (Storage storage = fresh()) {
      storage.makeFolders("a");
      for (String text : List.of("first", "second, longer", "3rd")) {
        storage.replace("a/file", text.getBytes(StandardCharsets.UTF_8));
        try (StoredFile file = storage.open("a/file")) {
          assertThat(new String(file.bytes().readAllBytes(), StandardCharsets.UTF_8))
              .isEqualTo(text);
        }
      }
      assertThat(storage.list("a")).containsExactly("file");
    }
  }

  @Test
  void addsToTheEndOfAFile() throws IOException {
    try (Storage storage = fresh()) {
      storage.makeFolders("logs");
      storage.append("logs/a", "one\n".getBytes(StandardCharsets.UTF_8));
      storage.append("logs/a", "two\n".getBytes(StandardCharsets.UTF_8));
      storage.append("logs/a", new byte[0]);

      assertThat(storage.isFolder("logs")).isTrue();
      assertThat(storage.isFolder("logs/a")).isFalse();
      assertThat(storage.isFolder("logs/b")).isFalse();

      assertThat(read(storage, "logs/a")).isEqualTo("one\ntwo\n");
      try (StoredFile file = storage.open("logs/a", 4)) {
        assertThat(file.size()).isEqualTo(8);
        assertThat(new String(file.bytes().readAllBytes(), StandardCharsets.UTF_8))
            .isEqualTo("two\n");
      }
    }
  }

  @Test
  void renamesAFolderWithAllThatIsInIt() throws IOException {
    try (Storage storage = fresh()) {
      storage.makeFolders(".hidden/deep");
      write(storage, ".hidden/deep/file", "x");
      storage.rename(".hidden", "seen");
      assertThat(storage.list("")).containsExactly("seen");
      assertThat(read(storage, "seen/deep/file")).isEqualTo("x");
    }
  }

  @Test
  void saysWhatIsNotThere() throws IOException {
    try (Storage storage = fresh()) {
      storage.makeFolders("folder");
      assertThatThrownBy(() -> storage.open("folder/none"))
          .isInstanceOf(NoSuchFileException.class)
          .hasMessage(storage.place("folder/none"));
      assertThatThrownBy(() -> storage.rename("none", "other"))
          .isInstanceOf(NoSuchFileException.class)
          .hasMessage(storage.place("none"));
      assertThatThrownBy(() -> storage.open("folder"))
          .isInstanceOf(IOException.class)
          .isNotInstanceOf(NoSuchFileException.class);
      storage.deleteTree("none");
    }
  }

  @Test
  void removesAFolderWithAllThatIsInIt() throws IOException {
    try (Storage storage = fresh()) {
      storage.makeFolders("a/b");
      storage.makeFolders("kept");
      write(storage, "a/b/file", "x");
      write(storage, "a/file", "y");
      storage.deleteTree("a/file");
      assertThat(storage.list("a")).containsExactly("b");
      storage.deleteTree("a");
      assertThat(storage.exists("a")).isFalse();
      assertThat(storage.list("")).containsExactly("kept");
    }
  }

  @Test
  void refusesNamesThatLeadElsewhere() throws IOException {
    try (Storage storage = fresh()) {
      storage.makeFolders("");
      for (String name :
          new String[] {
            "..", "../x", "a/../x", ".", "a//b", "/a", "a/", "a\\b", " a", "a ", "a:b", "a*", "a\0b"
          }) {
        assertRefused(() -> storage.open(name), name);
        assertRefused(() -> storage.write(name, out -> {}), name);
        assertRefused(() -> storage.exists(name), name);
        assertRefused(() -> storage.list(name), name);
        assertRefused(() -> storage.deleteTree(name), name);
        assertRefused(() -> storage.makeFolders(name), name);
        assertRefused(() -> storage.rename("a", name), name);
        assertRefused(() -> storage.rename(name, "a"), name);
        assertRefused(() -> storage.place(name), name);
      }
      assertRefused(() -> storage.deleteTree(""), "the root itself");
      assertRefused(() -> storage.rename("", "a"), "the root itself");
      assertRefused(() -> storage.exists("x".repeat(1001)), "x".repeat(100) + "…");
    }
  }

  /** Somebody who looks all the time sees the folder with both files or not at all. */
  @Test
  void showsAFolderAllAtOnce() throws Exception {
    ExecutorService threads = Executors.newSingleThreadExecutor();
    try (Storage storage = fresh()) {
      storage.makeFolders("");
      AtomicBoolean over = new AtomicBoolean();
      CountDownLatch looking = new CountDownLatch(1);
      Future<Integer> seen =
          threads.submit(
              () -> {
                looking.countDown();
                int found = 0;
                while (!over.get()) {
                  for (String name : storage.list("")) {
                    if (!name.startsWith(".")) {
                      found++;
                      if (!storage.list(name).equals(BOTH)) {
                        // It was removed between the two questions.
                        assertThat(storage.exists(name)).isFalse();
                      }
                    }
                  }
                }
                return found;
              });
      looking.await();
      for (int i = 0; i < 20; i++) {
        storage.makeFolders(".hidden");
        for (String file : BOTH) {
          write(storage, ".hidden/" + file, "x");
        }
        storage.rename(".hidden", "seen" + i);
        if (i > 0) {
          storage.deleteTree("seen" + (i - 1));
        }
      }
      over.set(true);
      assertThat(seen.get()).isPositive();
    } finally {
      threads.shutdownNow();
    }
  }

  static void write(Storage storage, String name, String text) throws IOException {
    storage.write(name, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
  }

  static String read(Storage storage, String name) throws IOException {
    try (StoredFile file = storage.open(name)) {
      return new String(file.bytes().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static void assertRefused(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String shown) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            ZoneException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.USER))
        .hasMessage(
            "Cannot use name in a storage: "
                + shown
                + " (expected segments of letters, digits, inner blanks and . _ = - @ + , ( ) below"
                + " the root, with / between them)");
  }
}
