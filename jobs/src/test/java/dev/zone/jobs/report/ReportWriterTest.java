package dev.zone.jobs.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.ZoneException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Attribute;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportWriterTest {
  @TempDir Path folder;

  private static Document report(Path run) {
    String page = ReportWriter.render(run);
    assertIsAlone(page);
    return Jsoup.parse(page);
  }

  /** Nothing that a browser would fetch or run, and every drawing named. */
  private static void assertIsAlone(String page) {
    Document document = Jsoup.parse(page);
    assertThat(document.select("script, link, iframe, object, embed, img, base, form")).isEmpty();
    assertThat(page.toLowerCase(Locale.ROOT)).doesNotContain("http:", "https:", "@import", "url(");
    Set<String> ids = new HashSet<>();
    for (Element element : document.getAllElements()) {
      for (Attribute attribute : element.attributes()) {
        assertThat(attribute.getKey()).doesNotStartWith("on").isNotIn("src", "href", "xlink:href");
      }
      if (element.hasAttr("id")) {
        assertThat(ids.add(element.id())).as(element.id()).isTrue();
      }
    }
    assertThat(document.select("svg:not([aria-hidden])"))
        .allSatisfy(
            drawing -> {
              assertThat(drawing.attr("role")).isEqualTo("img");
              assertThat(drawing.attr("aria-label")).isNotBlank();
            });
    assertThat(document.select("figure")).allMatch(one -> one.child(0).is("figcaption"));
    assertThat(document.select("section"))
        .allMatch(one -> document.getElementById(one.attr("aria-labelledby")) != null);
    assertThat(page).doesNotContain("NaN", "Infinity", "null");
  }

  @Test
  void showsTheNumbersOfTheEvaluation() throws IOException {
    Path run = SampleRuns.wafers(folder);
    Document report = report(run);
    JsonObject test = split(run, "test");
    for (Map.Entry<String, JsonElement> metric : test.getAsJsonObject("metrics").entrySet()) {
      assertThat(
              report
                  .select("#results tr[data-metric=" + metric.getKey() + "] data")
                  .last()
                  .attr("value"))
          .isEqualTo(metric.getValue().getAsString());
    }
    for (JsonElement one : test.getAsJsonArray("classes")) {
      JsonObject result = one.getAsJsonObject();
      Element row = report.selectFirst("#results tr[data-class=" + result.get("class") + "]");
      assertThat(row.select("data").eachAttr("value"))
          .containsExactly(
              result.get("precision").getAsString(),
              result.get("recall").getAsString(),
              result.get("f1").getAsString(),
              result.get("auc").getAsString(),
              result.get("averagePrecision").getAsString());
      assertThat(row.text()).contains(Words.count(result.get("support").getAsLong()));
    }
    assertThat(report.select(".figure data").eachAttr("value"))
        .startsWith(
            test.getAsJsonObject("metrics").get("accuracy").getAsString(),
            test.getAsJsonObject("metrics").get("macroF1").getAsString());
  }

  @Test
  void drawsEveryCountOfTheConfusionMatrix() throws IOException {
    Path run = SampleRuns.wafers(folder);
    JsonArray matrix = split(run, "test").getAsJsonArray("confusion");
    Document report = report(run);
    int cells = 0;
    for (int truth = 0; truth < matrix.size(); truth++) {
      JsonArray row = matrix.get(truth).getAsJsonArray();
      for (int said = 0; said < row.size(); said++) {
        long count = row.get(said).getAsLong();
        if (count > 0 || truth == said) {
          cells++;
          String title =
              "true %s, predicted %s: %s of"
                  .formatted(
                      SampleRuns.DEFECTS.get(truth),
                      SampleRuns.DEFECTS.get(said),
                      Words.count(count));
          assertThat(report.select("figure.matrix title").eachText())
              .anyMatch(text -> text.startsWith(title));
        }
      }
    }
    assertThat(report.select("figure.matrix rect")).hasSize(cells);
  }

  @Test
  void saysWhatTheRunIs() throws IOException {
    Document report = report(SampleRuns.wafers(folder));
    assertThat(report.title()).isEqualTo("wm811k-defects · training report");
    assertThat(report.select("h1").text()).isEqualTo("wm811k-defects");
    assertThat(report.select(".badge").eachText()).containsExactly("✓ SUCCEEDED", "GENERATED DATA");
    assertThat(report.select(".facts").text())
        .contains("chip/wm811k@3", "31 January 2026, 12:00 UTC", "3 min 0 s", "12 of 12", "1,752")
        .contains("2, engine dl4j", "2,440", "1,234,826");
    assertThat(report.select(".facts code").attr("title")).startsWith("9f86d081").hasSize(64);
    assertThat(report.select(".findings li.warning").text()).contains("duplicates-across-splits");
    assertThat(report.select("#learning figcaption").eachText())
        .containsExactly("Loss", "Macro-F1 on validation", "Learning rate", "Examples a second");
    assertThat(report.select("#learning .mark").eachText())
        .containsExactly("exported: epoch 9", "exported: epoch 9");
    assertThat(report.select("tr.worst th").text()).isEqualTo("Near-full worst");
    assertThat(report.select("#model tbody tr")).hasSize(7);
    assertThat(report.select("#data tbody").text()).contains("1 × 52 × 52", "Scratch");
    assertThat(report.select("#provenance dt").eachText())
        .contains("versions.spark", "seed", "jvmFlags", "native.library");
    assertThat(report.select("#provenance details pre").text()).contains("batchSize: 256");
    assertThat(report.select("#provenance details").hasAttr("open")).isFalse();
  }

  @Test
  void realDataBearNoBadge() throws IOException {
    assertThat(report(SampleRuns.failures(folder)).select(".generated")).isEmpty();
  }

  @Test
  void showsCurvesAndThresholdOfABinaryTask() throws IOException {
    Document report = report(SampleRuns.failures(folder));
    assertThat(report.select("#results figcaption").eachText())
        .containsExactly(
            "Confusion matrix", "ROC curve", "Precision and recall", "Scores by true class");
    String threshold = Words.metric(json(folder).get("threshold").getAsDouble());
    assertThat(report.select("#results svg .mark").eachText())
        .hasSize(3)
        .containsOnly("threshold " + threshold);
    assertThat(report.select("#results .note").text())
        .contains("Decisions at threshold " + threshold);
    assertThat(report.select("tr.worst")).isEmpty();
  }

  @Test
  void showsPredictedAgainstTrueOfARegression() throws IOException {
    Document report = report(SampleRuns.engines(folder));
    assertThat(report.select("#results figcaption").eachText())
        .containsExactly("Predicted against true", "Errors");
    assertThat(report.select("#results .points circle")).hasSize(100);
    assertThat(report.select("#results h3").text()).isEqualTo("Largest errors");
    assertThat(report.select(".figure .what").eachText())
        .containsExactly("RMSE", "PHM08 score", "MAE", "R²");
  }

  @Test
  void showsAllFoldsWithMeanAndSpread() throws IOException {
    Document report = report(SampleRuns.folds(folder));
    JsonObject summary = json(folder).getAsJsonObject("crossValidation");
    assertThat(report.select("#folds table").first().select("tbody tr")).hasSize(10);
    JsonObject error = summary.getAsJsonObject("metrics").getAsJsonObject("balancedError");
    assertThat(report.select("#folds tfoot td[data-metric=balancedError] data").eachAttr("value"))
        .containsExactly(
            error.get("mean").getAsString(), error.get("standardDeviation").getAsString());
    assertThat(report.select(".figure").first().text())
        .isEqualTo(
            "Balanced error %s ± %s, mean of 10 folds lower is better"
                .formatted(
                    Words.metric(error.get("mean").getAsDouble()),
                    Words.metric(error.get("standardDeviation").getAsDouble())));
    assertThat(report.select("#folds figcaption").text())
        .isEqualTo("Confusion matrix, summed over the folds");
    assertThat(report.select("#results h2").text())
        .isEqualTo("The exported model on its validation split");
    assertThat(report.select("#learning .legend").first().text())
        .isEqualTo("exported model the other 10");
    assertThat(report.select("#learning figcaption").last().text())
        .isEqualTo("Examples a second, exported model");
    assertThat(report.select(".facts").text()).contains("88 in 11 trainings");
  }

  @Test
  void showsLabelsOfAMultilabelTask() throws IOException {
    Document report = report(SampleRuns.modes(folder));
    assertThat(report.select("#results tr[data-class]")).hasSize(4);
    assertThat(report.select("figure.matrix")).isEmpty();
  }

  @Test
  void staysSmallWith43Classes() throws IOException {
    Path run = SampleRuns.signs(folder);
    assertThat(ReportWriter.render(run).getBytes(StandardCharsets.UTF_8).length)
        .isLessThan(400_000);
    Document report = report(run);
    assertThat(report.select("#results tr[data-class]")).hasSize(43);
    // Many curves are quiet, the worst few are named.
    assertThat(report.select("#results .legend").first().text()).endsWith("the other 38");
  }

  @Test
  void everythingFromFilesIsEscaped() throws IOException {
    Path run = SampleRuns.wafers(folder);
    String evil = "<script>alert(1)</script>\"'&\u202e";
    for (String name :
        new String[] {
          "evaluation.json", "data.json", "model/summary.json", "provenance.json", "state.json"
        }) {
      Path file = run.resolve(name);
      String quoted = new JsonPrimitive(evil).toString();
      String text = Files.readString(file);
      for (String value :
          new String[] {"Donut", "SUCCEEDED", "conv1", "DenseLayer", "die", "maps", "Linux 6.1"}) {
        text = text.replace("\"" + value + "\"", quoted);
      }
      text = text.replace("61 of 4,000", quoted.substring(1, quoted.length() - 1));
      text = text.replace("test.csv:", quoted.substring(1, quoted.length() - 1));
      Files.writeString(file, text);
    }
    Path plan = run.resolve("plan.yaml");
    Files.writeString(
        plan, Files.readString(plan).replace("name: wm811k-defects", "name: <script>x</script>"));
    Files.writeString(
        run.resolve("error.json"), "{\"kind\":\"<b>\",\"message\":\"</pre><script>\"}");

    String page = ReportWriter.render(run);
    assertThat(page).doesNotContain("<script", "\u202e").contains("&lt;script&gt;alert(1)");
    Document report = report(run);
    assertThat(report.select("h1").text()).isEqualTo("<script>x</script>");
    assertThat(report.select("#results tr[data-class=2] th").text())
        .startsWith("<script>alert(1)</script>\"'&");
    assertThat(report.select(".error pre").text()).isEqualTo("</pre><script>");
  }

  @Test
  void aFailedRunHasAReportToo() throws IOException {
    Document report = report(SampleRuns.failed(folder));
    assertThat(report.select(".badge").text()).isEqualTo("✕ FAILED");
    assertThat(report.select(".error").text())
        .contains("The run failed (ENVIRONMENT)", "Cannot go on: a worker is gone");
    assertThat(report.select("section").eachAttr("id")).containsExactly("provenance");
    assertThat(report.select("#provenance dt").eachText()).contains("versions.zone");
  }

  @Test
  void anEmptyFolderHasAnEmptyReport() {
    assertThat(report(folder).select("h1").text()).isEqualTo("A training run");
  }

  @Test
  void aLineCutOffByAKillDoesNoHarm() throws IOException {
    Path run = SampleRuns.wafers(folder);
    Path metrics = run.resolve("metrics.jsonl");
    String whole = Files.readString(metrics);
    Files.writeString(metrics, whole + "{\"type\":\"epoch\",\"epo");
    assertThat(report(run).select("#learning figure")).hasSize(4);
  }

  @Test
  void theSameFolderGivesTheSamePage() throws IOException {
    Path run = SampleRuns.failures(folder);
    assertThat(ReportWriter.render(run)).isEqualTo(ReportWriter.render(run));
  }

  @Test
  void writesTheFileWholeOrNotAtAll() throws IOException {
    Path run = SampleRuns.engines(folder);
    Path out = run.resolve("report.html");
    ReportWriter.write(run, out);
    assertThat(out).hasContent(ReportWriter.render(run));
    try (var files = Files.list(run)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .noneMatch(name -> name.endsWith(".unfinished"));
    }
    Path nowhere = run.resolve("no").resolve("report.html");
    assertThatThrownBy(() -> ReportWriter.write(run, nowhere))
        .isInstanceOfSatisfying(
            ZoneException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.ENVIRONMENT))
        .hasMessageStartingWith("Cannot write " + nowhere + ": ");
  }

  @Test
  void namesAFileThatIsNoJson() throws IOException {
    Path run = SampleRuns.engines(folder);
    Files.writeString(run.resolve("state.json"), "{\"state\":");
    assertThatThrownBy(() -> ReportWriter.render(run))
        .hasMessageMatching(
            "(?s)"
                + Pattern.quote("Cannot read " + run.resolve("state.json") + ": ")
                + ".*\\(expected JSON\\)");
  }

  private static JsonObject json(Path run) throws IOException {
    return JsonParser.parseString(Files.readString(run.resolve("evaluation.json")))
        .getAsJsonObject();
  }

  private static JsonObject split(Path run, String split) throws IOException {
    return json(run).getAsJsonObject("splits").getAsJsonObject(split);
  }

  @Test
  void showsARunThatWasResumedAsItIfHadNotBeenDisturbed() throws IOException {
    Path run = SampleRuns.wafers(folder);
    Path metrics = run.resolve("metrics.jsonl");
    String undisturbed = ReportWriter.render(run);
    List<String> lines = Files.readAllLines(metrics);
    int epoch = 0;
    while (!lines.get(epoch).contains("\"epoch\":4,") || !lines.get(epoch).contains("\"epoch\",")) {
      epoch++;
    }
    JsonObject saved = JsonParser.parseString(lines.get(epoch)).getAsJsonObject();
    List<String> disturbed = new ArrayList<>(lines.subList(0, epoch + 1));
    JsonObject lost = saved.deepCopy();
    lost.addProperty("epoch", 5);
    lost.addProperty("step", saved.get("step").getAsInt() + 1);
    lost.addProperty("loss", 99);
    disturbed.add(lost.toString());
    disturbed.add(
        lost.toString().replace("\"epoch\",", "\"step\",").replace("\"fold\":1", "\"fold\":2"));
    disturbed.add("{\"type\":\"st");
    JsonObject resume = new JsonObject();
    resume.addProperty("type", "resume");
    resume.addProperty("fold", 1);
    resume.addProperty("epoch", 4);
    resume.add("step", saved.get("step"));
    resume.addProperty("attempt", 2);
    disturbed.add(resume.toString());
    disturbed.addAll(lines.subList(epoch + 1, lines.size()));

    Files.write(metrics, disturbed);
    assertThat(ReportWriter.render(run)).isEqualTo(undisturbed);

    disturbed.remove(resume.toString());
    Files.write(metrics, disturbed);
    assertThat(ReportWriter.render(run)).isNotEqualTo(undisturbed);
  }

  @Test
  void drawsAnEpochOnceWhoseEndWasDoneAgain() throws IOException {
    Path run = SampleRuns.wafers(folder);
    Path metrics = run.resolve("metrics.jsonl");
    String undisturbed = ReportWriter.render(run);
    List<String> lines = Files.readAllLines(metrics);
    int epoch = 0;
    while (!lines.get(epoch).contains("\"epoch\":4,") || !lines.get(epoch).contains("\"epoch\",")) {
      epoch++;
    }
    int step = JsonParser.parseString(lines.get(epoch)).getAsJsonObject().get("step").getAsInt();
    List<String> disturbed = new ArrayList<>(lines.subList(0, epoch + 1));
    // The checkpoint was taken after the epoch's last step and before its end.
    disturbed.add(
        "{\"type\":\"resume\",\"fold\":1,\"epoch\":3,\"step\":" + step + ",\"attempt\":2}");
    disturbed.addAll(lines.subList(epoch, lines.size()));

    Files.write(metrics, disturbed);

    assertThat(ReportWriter.render(run)).isEqualTo(undisturbed);
  }

  @Test
  void drawsValidationsAtTheirSteps() throws IOException {
    Document report = report(SampleRuns.often(folder));
    Element loss = report.select("#learning figure").get(0);
    assertThat(loss.select("svg").attr("aria-label")).contains("step against loss");
    assertThat(loss.select("circle title").eachText())
        .hasSize(2 + 8)
        .contains("training, step 146: 0.83786", "training, step 292: 0.39122")
        .contains("validation, step 50: 1.5114", "validation, step 400: 0.78202");
    assertThat(xOf(loss, "training, step 146")).isBetween(100.0, 300.0);
    assertThat(xOf(loss, "validation, step 150") - xOf(loss, "training, step 146"))
        .isCloseTo(
            (xOf(loss, "validation, step 400") - xOf(loss, "validation, step 50")) * 4 / 350,
            within(0.2));
    Element metric = report.select("#learning figure").get(1);
    assertThat(metric.select("figcaption").text()).isEqualTo("Macro-F1 on validation");
    assertThat(metric.select("circle")).hasSize(8);
    assertThat(report.select("#learning .mark").eachText())
        .containsExactly("exported: step 250", "exported: step 250");
    assertThat(report.select(".facts").text()).contains("Epochs 2 of 12 Steps 400");
  }

  private static double xOf(Element figure, String title) {
    Element point =
        figure.select("circle").stream()
            .filter(circle -> circle.text().startsWith(title + ":"))
            .findFirst()
            .orElseThrow();
    return Double.parseDouble(point.attr("cx"));
  }

  @Test
  void dropsValidationsThatWereDoneAgain() throws IOException {
    Path run = SampleRuns.often(folder);
    Path metrics = run.resolve("metrics.jsonl");
    String undisturbed = ReportWriter.render(run);
    List<String> lines = Files.readAllLines(metrics);
    int saved = 0;
    while (!lines.get(saved).contains("\"step\":150,")) {
      saved++;
    }
    List<String> disturbed = new ArrayList<>(lines.subList(0, saved + 2));
    disturbed.replaceAll(line -> line.replace("\"step\":200,", "\"step\":199,"));
    disturbed.add("{\"type\":\"resume\",\"fold\":1,\"epoch\":1,\"step\":150,\"attempt\":2}");
    disturbed.addAll(lines.subList(saved + 1, lines.size()));

    Files.write(metrics, disturbed);

    assertThat(disturbed).hasSize(lines.size() + 2);
    assertThat(ReportWriter.render(run)).isEqualTo(undisturbed);
  }

  @Test
  void drawsATrainingWhoseFirstEpochHasNotEnded() throws IOException {
    Path run = SampleRuns.often(folder);
    Path metrics = run.resolve("metrics.jsonl");
    List<String> lines = Files.readAllLines(metrics);
    Files.write(metrics, lines.subList(0, 3));

    Document report = report(run);

    assertThat(report.select("#learning figure").get(0).select("circle title").eachText())
        .hasSize(2)
        .allMatch(title -> title.startsWith("validation, step "));
    assertThat(report.select(".facts").text()).contains("Steps 100").doesNotContain("Epochs");
  }

  @Test
  void saysHowManyAttemptsThereWereAndWhy() throws IOException {
    Path run = SampleRuns.wafers(folder);
    String only =
        """
        {"attempt":1,"workers":2,"fromStep":0,"outcome":"FAILED","kind":"ENVIRONMENT",\
        "cause":"rank 1 is gone","message":"Cannot go on","step":1037}
        """;
    Files.writeString(run.resolve("attempts.jsonl"), only);
    assertThat(report(run).select("#attempts")).isEmpty();

    Files.writeString(
        run.resolve("attempts.jsonl"),
        only
            + """
            {"attempt":2,"workers":2,"fromStep":1000,"outcome":"LOST"}
            {"attempt":3,"workers":1,"fromStep":1000,"outcome":"SUCCEEDED","step":4000}
            """);
    Document report = report(run);
    assertThat(report.select("#attempts p").text()).isEqualTo("The training took 3 attempts.");
    assertThat(report.select("#attempts tbody tr").eachText())
        .containsExactly(
            "1 2 0 1,037 failed rank 1 is gone",
            "2 2 1,000 – lost: its driver ended without a word",
            "3 1 1,000 4,000 succeeded");
  }

  @Test
  void saysWhatTheTrainingStartedFrom() throws IOException {
    Path run = SampleRuns.wafers(folder);
    Files.writeString(
        run.resolve("plan.yaml"),
        Files.readString(run.resolve("plan.yaml"))
            + "\nfrom: {source: an-older-run, file: from.zip, sha256: abc}\n");
    assertThat(report(run).select("header dl.facts").text())
        .contains("Started from the model of an-older-run");
  }
}
