package dev.zone.datasets.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zone.conf.DatasetName;
import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.storage.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code -Dzone.registry.kills=100} kills a writer at so many moments, {@code
 * -Dzone.registry.seed=N} repeats them.
 */
@Timeout(300)
class RegistryTest {
  private static final String DESCRIPTOR = "name: chip/lots\n";
  private static final Instant NOW = Instant.parse("2026-11-28T10:00:00Z");
  private static final int PROCESSES = 8;
  private static final int FEEDS_EACH = 8;

  @TempDir private Path folder;
  private Registry registry;
  private RegisteredDataset dataset;

  @BeforeEach
  void create() {
    registry = new Registry(Storage.local(folder.resolve("registry")));
    dataset = registry.create(RegistryWriter.NAME, DESCRIPTOR, "ada", NOW);
  }

  private static List<String> keys(Version version) {
    return WriterProcesses.keys(version).stream().sorted().toList();
  }

  @Test
  void keepsWhatWasMadeAndMakesNothingTwice() {
    assertThat(registry.names()).containsExactly(RegistryWriter.NAME);
    assertThat(registry.has(RegistryWriter.NAME)).isTrue();
    assertThat(dataset.descriptor()).isEqualTo(DESCRIPTOR);
    assertThat(dataset.owner()).contains("ada");
    assertThat(dataset.newest()).isEmpty();
    assertThatThrownBy(() -> registry.create(RegistryWriter.NAME, "other", "bob", NOW))
        .isInstanceOfSatisfying(
            ZoneException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.USER))
        .hasMessageContaining("is in the registry");
    assertThat(registry.open(RegistryWriter.NAME).descriptor()).isEqualTo(DESCRIPTOR);
    assertThatThrownBy(() -> registry.open(DatasetName.parse("chip/lot")))
        .hasMessageContaining("did you mean 'chip/lots'?");
    assertThatThrownBy(() -> dataset.version(1)).hasMessageContaining("zone dataset feed");
  }

  @Test
  void makesADatasetOnceOfManyThatMakeItAtTheSameMoment() throws Exception {
    int threads = 8;
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      for (int round = 0; round < 50; round++) {
        DatasetName name = DatasetName.parse("chip/round-" + round);
        CyclicBarrier together = new CyclicBarrier(threads);
        List<Future<Optional<ZoneException>>> all = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
          String by = "user-" + i;
          all.add(
              pool.submit(
                  () -> {
                    together.await();
                    try {
                      registry.create(name, DESCRIPTOR, by, NOW);
                      return Optional.empty();
                    } catch (ZoneException e) {
                      return Optional.of(e);
                    }
                  }));
        }
        List<ZoneException> failures = new ArrayList<>();
        for (Future<Optional<ZoneException>> each : all) {
          each.get().ifPresent(failures::add);
        }
        assertThat(failures)
            .hasSize(threads - 1)
            .allSatisfy(
                e -> {
                  assertThat(e.kind()).isEqualTo(ErrorKind.USER);
                  assertThat(e).hasMessageContaining("is in the registry");
                });
      }
    } finally {
      pool.shutdownNow();
    }
    assertThat(left()).isEmpty();
  }

  @Test
  void makesAVersionOfEachFeedAndNoneOfWhatWasFedBefore() throws IOException {
    Feed first = RegistryWriter.feed(dataset, 1);
    assertThat(first.version()).isEqualTo(1);
    Version one = dataset.version(1);
    RegistryWriter.feed(dataset, 2);
    assertThat(RegistryWriter.feed(dataset, 1)).isEqualTo(first);

    Version two = dataset.newest().orElseThrow();
    assertThat(two.number()).isEqualTo(2);
    assertThat(two.rows()).isEqualTo(2);
    assertThat(two.feed().by()).isEqualTo("line-2");
    assertThat(keys(two)).containsExactlyInAnyOrder(RegistryWriter.key(1), RegistryWriter.key(2));
    assertThat(dataset.version(1)).isEqualTo(one);
    assertThat(two.parts().get(0)).isEqualTo(one.parts().get(0));
    assertThat(dataset.verify(two)).isEmpty();

    Registry elsewhere = new Registry(Storage.local(folder.resolve("elsewhere")));
    RegisteredDataset copy = elsewhere.create(RegistryWriter.NAME, DESCRIPTOR, "eve", NOW);
    RegistryWriter.feed(copy, 1);
    assertThat(copy.version(1).digest()).isEqualTo(one.digest()).isNotEqualTo(two.digest());
    assertThatThrownBy(() -> dataset.version(3)).hasMessageContaining("a version from 1 to 2");
  }

  @Test
  void findsEveryChangeOfAVersion() throws IOException {
    RegistryWriter.feed(dataset, 1);
    RegistryWriter.feed(dataset, 2);
    Version two = dataset.version(2);
    Path base = folder.resolve("registry/chip/lots");
    Path changed = base.resolve(two.parts().get(0).path());
    Files.writeString(changed, "lot 7\n");
    Files.delete(base.resolve(two.parts().get(1).path()));
    assertThat(dataset.verify(two))
        .hasSize(2)
        .anyMatch(line -> line.contains("it was changed (expected 6 bytes with SHA-256 "))
        .anyMatch(line -> line.startsWith("Cannot find "));

    Path manifest = base.resolve("versions/2.json");
    Files.writeString(manifest, Files.readString(manifest).replace("\"rows\": 1", "\"rows\": 5"));
    assertThatThrownBy(() -> dataset.version(2))
        .isInstanceOfSatisfying(
            ZoneException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.ENVIRONMENT))
        .hasMessageContaining("is damaged (expected the digest of descriptor and files)");
    Files.writeString(
        manifest, Files.readString(manifest).replaceAll("feeds/[^/]+/data", "../../other/data"));
    assertThatThrownBy(() -> dataset.version(2)).hasMessageContaining("expected a file of a feed");
    Files.writeString(manifest, "not JSON");
    assertThatThrownBy(() -> dataset.newest()).hasMessageContaining("expected a JSON object");
  }

  @Test
  void makesNoVersionWhoseManifestCouldNotBeRead() throws IOException {
    RegistryWriter.feed(dataset, 1);
    RegistryWriter.feed(dataset, 2);
    Path lots = folder.resolve("registry/chip/lots");
    int most = (int) Files.size(lots.resolve("versions/2.json")) + 100;
    RegisteredDataset small =
        new RegisteredDataset(RegistryWriter.NAME, DESCRIPTOR, Storage.local(lots), most);
    assertThatThrownBy(() -> RegistryWriter.feed(small, 3))
        .isInstanceOfSatisfying(
            ZoneException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.USER))
        .hasMessageStartingWith("Cannot make chip/lots@3: its list of files and feeds has ")
        .hasMessageContaining("(expected at most %d, ".formatted(most))
        .hasMessageContaining("zone dataset export chip/lots DIR --format csv");
    assertThat(dataset.numbers()).containsExactly(1, 2);
    assertThat(dataset.verify(dataset.newest().orElseThrow())).isEmpty();
    assertThat(lots.resolve("feeds").toFile().list()).hasSize(2);
    assertThat(RegistryWriter.feed(dataset, 3).version()).isEqualTo(3);
  }

  @Test
  void writesManifestsForPeopleAsLongAsTheyAreShort() throws IOException {
    FeedWriter writer = dataset.begin(NOW);
    for (int file = 0; file < 4000; file++) {
      Part part =
          new Part(
              "feeds/" + writer.id() + "/data/" + file + ".csv",
              1,
              1,
              "0".repeat(64),
              Optional.empty());
      writer.end(new FedFile(file + ".csv", RegistryWriter.key(file), 1, 0), List.of(part));
    }
    dataset.commit(writer, "line", NOW);
    RegistryWriter.feed(registry.create(DatasetName.parse("chip/few"), DESCRIPTOR, "ada", NOW), 1);
    assertThat(folder.resolve("registry/chip/few/versions/1.json"))
        .content()
        .contains("\n  \"version\": 1,\n");
    assertThat(folder.resolve("registry/chip/lots/versions/1.json"))
        .content()
        .hasLineCount(1)
        .contains("\"version\":1,");
    assertThat(dataset.version(1).parts()).hasSize(4000);
  }

  @Test
  void takesFeedsOfManyProcessesAtOnce() throws Exception {
    writers().feedAtOnce(PROCESSES, FEEDS_EACH, folder.resolve("go"));
    int all = PROCESSES * FEEDS_EACH;
    Version newest = dataset.newest().orElseThrow();
    assertThat(dataset.numbers()).isEqualTo(IntStream.rangeClosed(1, all).boxed().toList());
    assertThat(keys(newest))
        .isEqualTo(IntStream.range(0, all).mapToObj(RegistryWriter::key).sorted().toList());
    assertThat(newest.rows()).isEqualTo(all);
    assertThat(dataset.verify(newest)).isEmpty();
    assertThat(left()).isEmpty();
  }

  @Test
  void opensCleanlyWheneverAWriterDied() throws Exception {
    writers().assertCleanAfterEachDeath(registry, 10, 150_000, folder.resolve("go"));
  }

  private WriterProcesses writers() {
    return new WriterProcesses(
        folder.resolve("registry").toString(),
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
  }

  /** What is hidden in the dataset's folder. */
  private List<String> left() throws IOException {
    try (Stream<Path> all = Files.walk(folder.resolve("registry"))) {
      return all.map(path -> path.getFileName().toString())
          .filter(name -> name.startsWith("."))
          .toList();
    }
  }
}
