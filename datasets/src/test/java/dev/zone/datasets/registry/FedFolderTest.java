package dev.zone.datasets.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zone.conf.DatasetName;
import dev.zone.conf.error.Problem;
import dev.zone.conf.error.Problems;
import dev.zone.datasets.DataFiles;
import dev.zone.datasets.format.Limits;
import dev.zone.datasets.registry.FeedReport.Outcome;
import dev.zone.datasets.storage.PlacedFile;
import dev.zone.datasets.storage.Storage;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A folder of images is fed as a zip of them is. */
@Timeout(60)
class FedFolderTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-28T10:00:00Z"), ZoneOffset.UTC);
  private static final String BY_FOLDER =
      "{path: '*.zip', entries: '**/*.p*', except: ['old/**', '*.png'], name: '^(?<state>[a-z]+)/(?<lot>[0-9]+)_'}";
  private static final String BY_INDEX =
      "{path: '*.zip', entries: '**/*.p*', except: ['old/**', '*.png'], index: {entry: index.csv, file: name, columns: {verdict: state, batch: lot}}}";

  @TempDir private Path folder;
  private final Map<String, byte[]> content = new TreeMap<>();
  private Path lot;
  private int registries;

  private static byte[] png(int colour) throws IOException {
    BufferedImage image = new BufferedImage(2, 2, BufferedImage.TYPE_INT_RGB);
    image.setRGB(1, 0, colour);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertThat(ImageIO.write(image, "png", out)).isTrue();
    return out.toByteArray();
  }

  @BeforeEach
  void makeFolder() throws IOException {
    content.put("worn/2_b.png", png(0x0a0b0c));
    content.put("good/1_a.png", png(0x010203));
    content.put("good/10_c.ppm", DataFiles.ppm(2, 2, 7, 8, 9));
    content.put("good/3_wrong.png", "no image".getBytes(StandardCharsets.UTF_8));
    content.put("old/4_d.png", png(0xffffff));
    content.put("stray.png", png(0));
    content.put(
        "index.csv",
        "name,verdict,batch\n2_b.png,worn,2\n1_a.png,good,1\n10_c.ppm,good,10\n3_wrong.png,good,3\n"
            .getBytes(StandardCharsets.UTF_8));
    lot = folder.resolve("data/lot");
    content.forEach((name, bytes) -> DataFiles.bytes(lot.resolve(name), bytes));
    Files.createDirectories(lot.resolve("empty"));
  }

  private Path zip() {
    Path zip = folder.resolve("data/lot.zip");
    DataFiles.zip(
        zip,
        false,
        content.entrySet().stream()
            .flatMap(each -> List.of(each.getKey(), each.getValue()).stream())
            .toArray());
    return zip;
  }

  private RegisteredDataset create(String source) {
    String yaml =
        """
        name: chip/test
        title: t
        source: {%s}
        columns:
          image: {type: tensor, shape: [2, 2, 3], missing: false}
          lot: {type: text, role: group}
          state: {type: category, role: label, classes: {good: good, worn: worn}}
        feed: {rejectedShare: 0.5, key: [lot]}
        licence: l
        citation: c
        """
            .formatted(source);
    return new Registry(Storage.local(folder.resolve("registry-" + registries++)))
        .create(DatasetName.parse("chip/test"), yaml, "ada", CLOCK.instant());
  }

  private RegisteredDataset images(String file) {
    return create("format: images, files: [%s]".formatted(file));
  }

  private static FeedReport feed(RegisteredDataset dataset, FeedReading reading, Path file) {
    Problems problems = new Problems();
    FeedReport report =
        new Feeding(dataset, dataset.spec(), CLOCK, FeedProgress.NONE, reading)
            .feed(List.of(file), "bob", false, problems)
            .orElse(null);
    assertThat(problems.list()).isEmpty();
    return report;
  }

  private static List<String> problems(RegisteredDataset dataset, PlacedFile file) {
    Problems problems = new Problems();
    assertThat(
            new Feeding(dataset, dataset.spec(), CLOCK)
                .feedPlaced(List.of(file), "bob", false, problems))
        .isEmpty();
    assertThat(dataset.newest()).isEmpty();
    return problems.list().stream().map(Problem::toString).toList();
  }

  private static FeedReading byTasks() {
    return FeedReading.by(
        (tasks, bytes, answers) ->
            tasks.forEachRemaining(
                task ->
                    answers.accept(FeedTasks.answer(task, place -> Storage.local(Path.of(place))))),
        Limits.DEFAULT);
  }

  private static List<String> parts(RegisteredDataset dataset) {
    return dataset.newest().orElseThrow().parts().stream().map(Part::sha256).toList();
  }

  @Test
  void givesTheRowsOfAZipOfIt() {
    Path zip = zip();
    for (String file : List.of(BY_FOLDER, BY_INDEX)) {
      RegisteredDataset ofZip = images(file);
      FeedReport expected = feed(ofZip, FeedReading.here(), zip);
      assertThat(expected.rows()).isEqualTo(3);
      assertThat(expected.rejected()).isEqualTo(1);
      for (FeedReading reading : List.of(FeedReading.here(), byTasks())) {
        RegisteredDataset ofFolder = images(file);
        FeedReport report = feed(ofFolder, reading, lot);
        assertThat(report.outcome()).isEqualTo(Outcome.COMMITTED);
        assertThat(report.rows()).isEqualTo(expected.rows());
        assertThat(report.reasons()).isEqualTo(expected.reasons());
        assertThat(report.files().get(0).name()).isEqualTo("lot");
        assertThat(parts(ofFolder)).isNotEmpty().isEqualTo(parts(ofZip));
      }
    }
  }

  @Test
  void isReadByATaskWhereRowsDoNotLookAtEachOther() {
    RegisteredDataset[] fed = new RegisteredDataset[2];
    int[] tasks = {0};
    FeedReading counting =
        FeedReading.by(
            (all, bytes, answers) ->
                all.forEachRemaining(
                    task -> {
                      tasks[0]++;
                      answers.accept(
                          FeedTasks.answer(task, place -> Storage.local(Path.of(place))));
                    }),
            Limits.DEFAULT);
    for (int i = 0; i < fed.length; i++) {
      String yaml = images(BY_FOLDER).descriptor().replace(", key: [lot]", "");
      fed[i] =
          new Registry(Storage.local(folder.resolve("without-key-" + i)))
              .create(DatasetName.parse("chip/test"), yaml, "ada", CLOCK.instant());
      FeedReport report = feed(fed[i], i == 0 ? FeedReading.here() : counting, lot);
      assertThat(report.rows()).isEqualTo(3);
      assertThat(report.rejected()).isEqualTo(1);
    }
    assertThat(tasks[0]).isEqualTo(1);
    assertThat(parts(fed[1])).isEqualTo(parts(fed[0]));
    assertThat(fed[1].newest().orElseThrow().feed().files())
        .isEqualTo(fed[0].newest().orElseThrow().feed().files());
  }

  @Test
  void isFedOnceByItsNamesAndContents() throws IOException {
    RegisteredDataset dataset = images(BY_FOLDER);
    assertThat(feed(dataset, FeedReading.here(), lot).outcome()).isEqualTo(Outcome.COMMITTED);
    Path copy = folder.resolve("elsewhere/copy");
    content.forEach((name, bytes) -> DataFiles.bytes(copy.resolve(name), bytes));
    assertThat(feed(dataset, FeedReading.here(), copy).outcome()).isEqualTo(Outcome.FED_BEFORE);
    assertThat(feed(dataset, byTasks(), copy).outcome()).isEqualTo(Outcome.FED_BEFORE);
    Files.move(copy.resolve("good/1_a.png"), copy.resolve("good/5_a.png"));
    FeedReport renamed = feed(dataset, FeedReading.here(), copy);
    // All but the one of another name were there.
    assertThat(renamed.rows()).isEqualTo(1);
    assertThat(renamed.outcome()).isEqualTo(Outcome.REFUSED);
  }

  @Test
  void refusesWhatIsNoFileInIt() throws IOException {
    Path secret = Files.writeString(folder.resolve("secret.png"), "x");
    Files.createSymbolicLink(lot.resolve("good/7_x.png"), secret);
    assertThat(problems(images(BY_FOLDER), PlacedFile.of(lot)))
        .containsExactly(
            lot + ": Cannot read folder: 'good/7_x.png' is a link (expected files and folders)");
  }

  @Test
  void refusesFoldersOfOtherFormatsAndOfOtherMachines() {
    String columns = "format: delimited, files: [{path: '*.csv'}]";
    assertThat(problems(create(columns), PlacedFile.of(lot)))
        .containsExactly(
            "Cannot feed a folder: %s (expected a file; only images come in folders)"
                .formatted(lot));
    for (String place : List.of("lots://server/lot", "lots://server/lot/")) {
      try (PlacedFile file = PlacedFile.of(place, of -> Storage.local(folder.resolve("data")))) {
        assertThat(problems(images(BY_FOLDER), file))
            .containsExactly(
                "Cannot feed a folder of another machine: %s (expected one that is mounted here, or a zip or tar of it)"
                    .formatted(place));
      }
    }
  }
}
