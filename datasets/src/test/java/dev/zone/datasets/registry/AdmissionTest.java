package dev.zone.datasets.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zone.conf.DatasetName;
import dev.zone.conf.DatasetRules;
import dev.zone.conf.DatasetSpec;
import dev.zone.conf.error.Problems;
import dev.zone.conf.error.ZoneException;
import dev.zone.conf.yaml.Bound;
import dev.zone.conf.yaml.YamlBinder;
import dev.zone.datasets.PreparedManifest.Finding;
import dev.zone.datasets.profile.ColumnProfile;
import dev.zone.datasets.profile.Profile;
import dev.zone.datasets.registry.FeedReport.Outcome;
import dev.zone.datasets.registry.Grants.Right;
import dev.zone.datasets.storage.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a feed looks at beyond single rows, and what is told of them. */
@Timeout(60)
class AdmissionTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-28T10:00:00Z"), ZoneOffset.UTC);

  @TempDir private Path folder;

  private static String yaml(String columns, String feed) {
    return """
        name: chip/test
        title: t
        source: {format: delimited, files: [{path: '*.csv'}]}
        columns: {%s}
        feed: {rejectedShare: 0.9%s}
        licence: l
        citation: c
        """
        .formatted(columns, feed);
  }

  private static DatasetSpec descriptor(String yaml) {
    Problems problems = new Problems();
    Bound<DatasetSpec> bound =
        YamlBinder.parse(yaml, "x.yaml", DatasetSpec.class, List.of(), problems)
            .orElseThrow(() -> new AssertionError(problems.list()));
    DatasetRules.check(bound.value(), bound.locations(), problems);
    assertThat(problems.list()).isEmpty();
    return bound.value();
  }

  private RegisteredDataset create(String yaml) {
    return new Registry(Storage.local(folder.resolve("registry")))
        .create(DatasetName.parse("chip/test"), yaml, "ada", CLOCK.instant());
  }

  private Path write(String name, String... lines) throws IOException {
    return Files.writeString(folder.resolve(name), String.join("\n", lines) + "\n");
  }

  private static FeedReport feed(RegisteredDataset dataset, Path... files) {
    Problems problems = new Problems();
    Optional<FeedReport> report =
        new Feeding(dataset, descriptor(dataset.descriptor()), CLOCK)
            .feed(List.of(files), "bob", false, problems);
    assertThat(problems.list()).isEmpty();
    return report.orElseThrow();
  }

  private static List<String> checks(List<Finding> findings) {
    return findings.stream().map(Finding::check).toList();
  }

  @Test
  void setsASecondRowOfAKeyAsideWhateverFeedHasTheFirst() throws IOException {
    RegisteredDataset dataset =
        create(yaml("lot: {type: text, role: group}, at: {}, x: {}", ", key: [lot, at]"));
    FeedReport first =
        feed(dataset, write("1.csv", "lot,at,x", "A,1,5", "B,1,5", "A,1,6", "A,2,5", ",2,5"));
    assertThat(first.rows()).isEqualTo(3);
    assertThat(first.reasons().keySet())
        .containsExactlyInAnyOrder(
            "Cannot take a second row of the key: lot A, at 1 (expected one)",
            "Cannot use key lot, at: a value is missing");
    FeedReport second = feed(dataset, write("2.csv", "x,at,lot", "9,2,A", "9,3,A", "9,1,B"));
    assertThat(second.rows()).isEqualTo(1);
    assertThat(second.reasons())
        .containsExactly(
            Map.entry(
                "Cannot take a second row of the key: lot A, at 2 (expected one), and the like",
                2));
    List<String> texts = new ArrayList<>();
    new Quarantine(dataset)
        .read(
            second.id().orElseThrow(),
            line -> texts.add(line.get(line.has("text") ? "text" : "header").getAsString()));
    assertThat(texts).containsExactly("x,at,lot", "9,2,A", "9,1,B");
  }

  @Test
  void takesEachKeyOnceOfFeedsAtTheSameTime() throws Exception {
    RegisteredDataset dataset = create(yaml("id: {}, x: {}", ", key: [id]"));
    ExecutorService threads = Executors.newFixedThreadPool(6);
    try {
      List<Future<FeedReport>> feeds = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        Path file = write(i + ".csv", "id,x", "1," + i, (10 + i) + ",0");
        feeds.add(threads.submit(() -> feed(dataset, file)));
      }
      long rows = 0;
      for (Future<FeedReport> each : feeds) {
        assertThat(each.get().outcome()).isEqualTo(Outcome.COMMITTED);
        rows += each.get().rows();
      }
      assertThat(rows).isEqualTo(7);
      assertThat(dataset.newest().orElseThrow().rows()).isEqualTo(7);
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void setsRowsAsideThatGoBackWithinTheirGroup() throws IOException {
    RegisteredDataset dataset =
        create(
            yaml(
                "unit: {role: group}, at: {type: timestamp, pattern: 'yyyy-MM-dd'}, x: {}",
                ", ascending: {column: at, group: unit}"));
    FeedReport report =
        feed(
            dataset,
            write(
                "1.csv",
                "unit,at,x",
                "1,2026-01-02,0",
                "2,2026-01-01,0",
                "1,2026-01-01,0",
                "2,2026-01-01,0",
                "1,,0",
                "1,2026-01-03,0"));
    assertThat(report.rows()).isEqualTo(5);
    assertThat(report.reasons().keySet())
        .containsExactly(
            "Cannot take a row that goes back in 'at': 1767225600 of unit 1 (expected 1767312000 or more)");
  }

  @Test
  void takesTheRightRowOfAKeyWhoseFirstRowGoesBack() throws IOException {
    RegisteredDataset dataset =
        create(yaml("id: {}, at: {}", ", key: [id], ascending: {column: at}"));
    FeedReport report =
        feed(dataset, write("1.csv", "id,at", "1,10", "2,5", "2,11", "1,12", "2,4", "3,12"));
    assertThat(report.rows()).isEqualTo(3);
    assertThat(report.reasons())
        .containsExactly(
            Map.entry("Cannot take a row that goes back in 'at': 5 (expected 10 or more)", 1),
            Map.entry("Cannot take a second row of the key: id 1 (expected one), and the like", 2));
  }

  @Test
  void tellsWhatMayMislead() throws IOException {
    RegisteredDataset dataset =
        create(
            yaml(
                    "id: {role: identifier}, unit: {role: group}, same: {}, hollow: {}, x: {}, mode: {type: category}, y: {type: category, role: label, classes: {0: good, 1: bad}}",
                    "")
                .replace("licence", "split: {test: 0.2}\nlicence"));
    List<String> lines = new ArrayList<>(List.of("id,unit,same,hollow,x,mode,y"));
    Random random = new Random(3);
    for (int i = 0; i < 3000; i++) {
      boolean bad = i % 100 == 0;
      lines.add(
          "%d,%d,7,%s,%d,%s,%d"
              .formatted(
                  i,
                  i % 5,
                  i % 3 == 0 ? "1" : "",
                  random.nextInt(200),
                  bad ? "worn" : "none",
                  bad ? 1 : 0));
    }
    FeedReport report = feed(dataset, write("1.csv", lines.toArray(String[]::new)));
    assertThat(checks(report.findings()))
        .containsExactlyInAnyOrder(
            "duplicates",
            "group-leakage",
            "class-imbalance",
            "mostly-missing",
            "constant-columns",
            "label-giveaway");
    assertThat(report.findings())
        .extracting(Finding::message)
        .anyMatch(text -> text.endsWith("given away by mode (balanced accuracy 1.000)"))
        .anyMatch(text -> text.equals("One value only in same, hollow"));
    assertThat(checks(dataset.profiles().noted(dataset.newest().orElseThrow())))
        .containsExactly("label-giveaway");
  }

  @Test
  void tellsAColumnWhoseOneValueGivesARareClassAway() throws IOException {
    RegisteredDataset dataset =
        create(
            yaml(
                "x: {}, mode: {}, y: {type: category, role: label, classes: {0: good, 1: bad}}",
                ""));
    List<String> lines = new ArrayList<>(List.of("x,mode,y"));
    for (int i = 0; i < 2000; i++) {
      // One of four kinds of failure, as AI4I's modes are.
      lines.add("%d,%d,%d".formatted(i, i % 200 == 0 ? 1 : 0, i % 50 == 0 ? 1 : 0));
    }
    List<Finding> findings = feed(dataset, write("1.csv", lines.toArray(String[]::new))).findings();
    assertThat(findings)
        .filteredOn(finding -> finding.check().equals("label-giveaway"))
        .extracting(Finding::message)
        .containsExactly(
            "Is it known when a prediction is made? The label y is given away by mode (10 of the 10 rows of one value are of a class that 2.0 % of all are of)");
  }

  @Test
  void tellsWhatMovedSinceTheVersionThatAModelWasTrainedOn() throws IOException {
    RegisteredDataset dataset = create(yaml("x: {}, z: {}", ""));
    feed(dataset, rows("1.csv", 0, 1));
    dataset
        .log()
        .add(
            new DatasetLog.Entry(
                CLOCK.instant().toString(),
                "eve",
                DatasetLog.Action.TRAINED,
                Optional.of(1),
                "run r",
                Optional.empty()));
    assertThat(checks(feed(dataset, rows("2.csv", 0, 2)).findings())).doesNotContain("drift");
    FeedReport moved = feed(dataset, rows("3.csv", 1.5, 3));
    assertThat(moved.findings())
        .extracting(Finding::message)
        .anyMatch(
            text ->
                text.startsWith(
                    "Since @1, which the last model was trained on, values moved in x (PSI "));
    Version version = dataset.newest().orElseThrow();
    assertThat(VersionDrift.of(dataset, descriptor(dataset.descriptor()), version)).hasSize(1);
    assertThat(checks(VersionFindings.of(dataset, descriptor(dataset.descriptor()), version)))
        .contains("drift");
    Profile profile = dataset.profiles().of(version).orElseThrow();
    assertThat(profile.rows()).isEqualTo(6000);
    ColumnProfile x = profile.columns().get("x");
    assertThat(x.mean()).isBetween(0.4, 0.6);
    assertThat(x.deviation()).isBetween(1.1, 1.4);
    assertThat(x.bins().total()).isEqualTo(6000);
  }

  @Test
  void tellsWhatItCanOfAVersionWhoseForerunnerIsDamaged() throws IOException {
    RegisteredDataset dataset = create(yaml("x: {}, z: {}", ""));
    feed(dataset, write("1.csv", "x,z", "1,7", "2,7"));
    feed(dataset, write("2.csv", "x,z", "3,7", "4,7"));
    Version version = dataset.newest().orElseThrow();
    Files.writeString(folder.resolve("registry/chip/test/versions/1.json"), "{}");
    List<Finding> findings = VersionFindings.of(dataset, descriptor(dataset.descriptor()), version);
    assertThat(checks(findings)).containsExactly("constant-columns", "not-known");
    assertThat(findings.get(1).message())
        .startsWith("Not all that may mislead is known: Cannot use chip/test@1: its manifest");
  }

  private Path rows(String name, double shift, int seed) throws IOException {
    Random random = new Random(seed);
    StringBuilder text = new StringBuilder("x,z\n");
    for (int i = 0; i < 2000; i++) {
      text.append(random.nextGaussian() + shift).append(',').append(random.nextInt(4)).append('\n');
    }
    return Files.writeString(folder.resolve(name), text);
  }

  private static boolean change(Grants grants, Optional<Right> right) {
    return grants.change("lab", right, "ada", Optional.empty(), CLOCK.instant());
  }

  @Test
  void letsOnlyThoseWhoWereLetAndWritesDownWhoWas() throws IOException {
    RegisteredDataset dataset = create(yaml("x: {}", ""));
    Grants grants = dataset.grants();
    grants.require(Right.FEED, List.of("anybody"));
    assertThat(change(grants, Optional.of(Right.READ))).isTrue();
    assertThat(change(grants, Optional.of(Right.READ))).isFalse();
    grants.require(Right.FEED, List.of("ada"));
    grants.require(Right.READ, List.of("bob", "lab"));
    assertThatThrownBy(() -> grants.require(Right.FEED, List.of("bob", "lab")))
        .isInstanceOf(ZoneException.class)
        .hasMessage("Cannot feed chip/test as bob of lab (expected ada, or a tenant that may: [])");
    assertThat(change(grants, Optional.of(Right.FEED))).isTrue();
    grants.require(Right.FEED, List.of("bob", "lab"));
    assertThat(change(grants, Optional.empty())).isTrue();
    grants.require(Right.FEED, List.of("anybody"));
    feed(dataset, write("1.csv", "x", "1"));
    assertThat(dataset.log().entries())
        .extracting(entry -> entry.action() + " " + entry.by() + " " + entry.what())
        .anyMatch(text -> text.startsWith("CREATED ada"))
        .anyMatch(text -> text.startsWith("FED bob 1 rows, 0 set aside ("))
        .contains("GRANTED ada lab read", "GRANTED ada lab feed", "REVOKED ada lab feed");
  }

  @Test
  void ordersALogByTheMomentAndReadsEntriesWithoutATenant() throws IOException {
    RegisteredDataset dataset = create(yaml("x: {}", ""));
    for (String time : List.of("2026-11-28T10:00:01Z", "2026-11-28T10:00:01.500Z")) {
      dataset
          .log()
          .add(
              new DatasetLog.Entry(
                  time,
                  "eve",
                  DatasetLog.Action.TRAINED,
                  Optional.of(1),
                  "run r",
                  Optional.of("lab").filter(tenant -> time.endsWith("500Z"))));
    }
    Files.writeString(
        folder.resolve("registry/chip/test/log/old.json"),
        "{\"time\": \"2026-11-28T10:00:01.250Z\", \"by\": \"bob\", \"action\": \"EXPORTED\", \"what\": \"\"}");
    Files.writeString(
        folder.resolve("registry/chip/test/log/odd.json"),
        "{\"time\": \"noon\", \"by\": \"\", \"action\": \"EXPORTED\", \"what\": \"\"}");
    assertThat(dataset.log().entries())
        .extracting(entry -> entry.time() + entry.tenant().map(of -> " of " + of).orElse(""))
        .containsExactly(
            "noon",
            "2026-11-28T10:00:00Z",
            "2026-11-28T10:00:01Z",
            "2026-11-28T10:00:01.250Z",
            "2026-11-28T10:00:01.500Z of lab");
  }
}
