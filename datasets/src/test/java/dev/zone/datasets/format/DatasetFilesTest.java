package dev.zone.datasets.format;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zone.conf.DatasetSpec;
import dev.zone.conf.SourceSpec.FileSpec;
import dev.zone.conf.SplitSpec.Split;
import dev.zone.conf.error.Problem;
import dev.zone.conf.error.Problems;
import dev.zone.datasets.DataFiles;
import dev.zone.datasets.DatasetBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetFilesTest {
  private static final String OTHER_DIGEST = "0".repeat(64);

  @TempDir Path folder;

  private List<ResolvedFile> resolve(DatasetSpec dataset) {
    Problems problems = new Problems();
    List<ResolvedFile> files = DatasetFiles.resolve(dataset, folder, Digests.uncached(), problems);
    assertThat(problems.list()).isEmpty();
    return files;
  }

  private static FileSpec pinned(String path, String sha256) {
    return new FileSpec(
        path,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Map.of(),
        Optional.of(sha256));
  }

  @Test
  void findsFilesAndEndsOfLifeWithTheirDigests() {
    DataFiles.text(folder.resolve("b.csv"), "a", "1");
    DataFiles.text(folder.resolve("a.csv"), "a", "1");
    DataFiles.text(folder.resolve("left.txt"), "1");
    DatasetSpec dataset =
        new DatasetBuilder()
            .number("a")
            .column("r", DatasetBuilder.remainingLife("a", "a", Map.of(Split.TEST, "left.txt")))
            .source(DatasetBuilder.delimited(DatasetBuilder.file("*.csv")))
            .build();
    List<ResolvedFile> files = resolve(dataset);
    assertThat(files.stream().map(ResolvedFile::name))
        .containsExactly("a.csv", "b.csv", "left.txt");
    assertThat(files.get(0).bytes()).isEqualTo(4);
    assertThat(files.get(0).sha256()).isEqualTo(Digests.ofText("a\n1\n"));
  }

  @Test
  void refusesAFileThatIsNotThePinnedOne() {
    DataFiles.text(folder.resolve("a.csv"), "a", "1");
    Problems problems = new Problems();
    DatasetFiles.resolve(
        new DatasetBuilder()
            .number("a")
            .source(DatasetBuilder.delimited(pinned("a.csv", OTHER_DIGEST)))
            .build(),
        folder,
        Digests.uncached(),
        problems);
    assertThat(problems.list())
        .containsExactly(
            new Problem(
                "a.csv",
                "Cannot use file: its SHA-256 is %s (expected %s)"
                    .formatted(Digests.ofText("a\n1\n"), OTHER_DIGEST)));
  }

  @Test
  void digestChangesWithContentAndColumnsButNotWithWords() {
    DataFiles.text(folder.resolve("data.csv"), "a", "1");
    DatasetSpec dataset = new DatasetBuilder().number("a").build();
    String digest = DatasetFiles.datasetDigest(dataset, resolve(dataset));
    DatasetSpec retitled =
        new DatasetSpec(
            dataset.name(),
            "Another title",
            Optional.of("words"),
            dataset.source(),
            dataset.columns(),
            dataset.split(),
            dataset.feed(),
            dataset.licence(),
            dataset.citation(),
            Optional.empty());
    assertThat(DatasetFiles.datasetDigest(retitled, resolve(dataset))).isEqualTo(digest);
    FileSpec file = dataset.source().files().get(0);
    DatasetSpec addressed =
        dataset.from(
            dataset
                .source()
                .withFiles(
                    List.of(
                        new FileSpec(
                            file.path(),
                            file.split(),
                            file.entries(),
                            file.name(),
                            file.index(),
                            file.values(),
                            file.sha256(),
                            file.except(),
                            file.rows(),
                            file.transposed(),
                            file.beside(),
                            Optional.of("https://x.org/data.csv")))),
            dataset.columns());
    assertThat(DatasetFiles.datasetDigest(addressed, resolve(dataset))).isEqualTo(digest);
    DatasetSpec wider = new DatasetBuilder().number("a").number("b").build();
    assertThat(DatasetFiles.datasetDigest(wider, resolve(dataset))).isNotEqualTo(digest);
    DataFiles.text(folder.resolve("data.csv"), "a", "2");
    assertThat(DatasetFiles.datasetDigest(dataset, resolve(dataset))).isNotEqualTo(digest);
  }

  @Test
  void remembersDigestsUntilAFileChanges() throws IOException {
    Path file = folder.resolve("data.csv");
    Path cache = folder.resolve("cache");
    DataFiles.text(file, "a", "1");
    Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2020-01-01T00:00:00Z")));
    DatasetSpec dataset = new DatasetBuilder().number("a").build();
    Problems problems = new Problems();
    String first =
        DatasetFiles.resolve(dataset, folder, Digests.cachedIn(cache), problems).get(0).sha256();
    assertThat(cache.resolve("digests.json")).exists();
    // Same size and time: taken from the cache, as documented.
    DataFiles.text(file, "a", "2");
    Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2020-01-01T00:00:00Z")));
    assertThat(
            DatasetFiles.resolve(dataset, folder, Digests.cachedIn(cache), problems)
                .get(0)
                .sha256())
        .isEqualTo(first);
    Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2020-01-02T00:00:00Z")));
    assertThat(
            DatasetFiles.resolve(dataset, folder, Digests.cachedIn(cache), problems)
                .get(0)
                .sha256())
        .isEqualTo(Digests.ofText("a\n2\n"));
    Files.writeString(cache.resolve("digests.json"), "{\"x\": [");
    assertThat(DatasetFiles.resolve(dataset, folder, Digests.cachedIn(cache), problems)).hasSize(1);
    assertThat(problems.list()).isEmpty();
  }

  @Test
  void refusesAFolderWhereAFileShouldBe() throws IOException {
    Files.createDirectory(folder.resolve("data.csv"));
    Problems problems = new Problems();
    assertThat(
            TableReader.read(
                new DatasetBuilder().number("a").build(), folder, Limits.DEFAULT, problems))
        .isEmpty();
    assertThat(problems.list())
        .containsExactly(new Problem("data.csv", "Cannot read a folder as data (expected a file)"));
  }
}
