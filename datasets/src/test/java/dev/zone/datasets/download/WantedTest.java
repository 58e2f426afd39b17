package dev.zone.datasets.download;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zone.conf.DatasetSpec;
import dev.zone.conf.SourceSpec.BesideSpec;
import dev.zone.conf.SourceSpec.FileSpec;
import dev.zone.conf.error.Problem;
import dev.zone.conf.error.Problems;
import dev.zone.datasets.DatasetBuilder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WantedTest {
  private static final String URL = "https://x.org/a.zip";
  private static final String DIGEST = "0".repeat(64);

  private final Problems problems = new Problems();

  private static FileSpec file(
      String path, String entries, String url, String sha256, BesideSpec... beside) {
    return new FileSpec(
        path,
        Optional.empty(),
        Optional.ofNullable(entries),
        Optional.empty(),
        Optional.empty(),
        Map.of(),
        Optional.ofNullable(sha256),
        List.of(),
        Optional.empty(),
        false,
        List.of(beside),
        Optional.ofNullable(url));
  }

  private List<Wanted> wanted(FileSpec... files) {
    DatasetSpec dataset =
        new DatasetBuilder().number("a").source(DatasetBuilder.delimited(files)).build();
    return Wanted.of(dataset, problems);
  }

  @Test
  void wantsEachFileOnceThoseBesideOthersToo() {
    assertThat(
            wanted(
                file("a.zip", "one.csv", URL, null),
                file("a.zip", "two.csv", null, DIGEST),
                file(
                    "b.csv",
                    null,
                    "http://x.org/b",
                    null,
                    new BesideSpec("c.csv", Optional.of(DIGEST), Optional.of("http://x.org/c")))))
        .containsExactly(
            new Wanted("a.zip", URL, Optional.of(DIGEST)),
            new Wanted("b.csv", "http://x.org/b", Optional.empty()),
            new Wanted("c.csv", "http://x.org/c", Optional.of(DIGEST)));
    assertThat(problems.isEmpty()).isTrue();
  }

  @Test
  void saysAllThatKeepsFilesFromBeingFetched() {
    assertThat(
            wanted(
                file("a.zip", "one.csv", URL, null),
                file("a.zip", "two.csv", URL + "?2", null),
                file("b.csv", null, null, null),
                file(
                    "c.csv",
                    null,
                    null,
                    null,
                    new BesideSpec("c2.csv", Optional.empty(), Optional.empty())),
                file("../d.csv", null, URL, null),
                file("*.csv", null, URL, null),
                file("e.csv", null, "file:///e.csv", null)))
        .isNotNull();
    assertThat(problems.list().stream().map(Problem::toString))
        .containsExactly(
            "a.zip: Cannot download the file: its entries contradict each other: https://x.org/a.zip, https://x.org/a.zip?2 (expected the same for one path)",
            "../d.csv: Cannot download the file: ../d.csv (expected the path of one file)",
            "*.csv: Cannot download the file: *.csv (expected the path of one file)",
            "e.csv: Cannot download the file: file:///e.csv (expected an address of http or https)",
            "Cannot download b.csv, c.csv, c2.csv of chip/test: the descriptor has no url for them (expected one for each file; --data chip/test=DIR serves files that lie here)");
  }
}
