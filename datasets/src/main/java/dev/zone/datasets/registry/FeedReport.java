package dev.zone.datasets.registry;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.zone.datasets.PreparedManifest.Finding;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a feed came to.
 *
 * @param id of the feed's folder, where rows that were set aside are; empty if there is none
 * @param feed as the version holds it; empty if there is none
 * @param files what was read, those that were fed before left out
 * @param skipped names of files that were fed before
 * @param reasons of rows that were set aside, as often as each was the first
 * @param findings what may mislead whoever trains on the rows
 */
public record FeedReport(
    Outcome outcome,
    Optional<String> id,
    Optional<Feed> feed,
    List<FedFile> files,
    List<String> skipped,
    Map<String, Integer> reasons,
    List<Finding> findings) {
  public FeedReport {
    findings = List.copyOf(findings);
    files = List.copyOf(files);
    skipped = List.copyOf(skipped);
  }

  /** What became of a feed. */
  public enum Outcome {
    /** A new version has its rows. */
    COMMITTED,
    /** All its files were fed before; the feed that did is told. */
    FED_BEFORE,
    /** It was only tried. */
    TRIED,
    /** More rows are wrong than the descriptor allows, or all are. */
    REFUSED,
    /** A feed before, which is told, refused the same content; it was not read again. */
    REFUSED_BEFORE
  }

  public long rows() {
    return files.stream().mapToLong(FedFile::rows).sum();
  }

  public long rejected() {
    return files.stream().mapToLong(FedFile::rejected).sum();
  }

  /** Rows that were set aside and are kept with their reasons: the first million of each file. */
  public long kept() {
    return files.stream()
        .mapToLong(file -> Math.min(file.rejected(), FileFeed.MOST_REJECTED))
        .sum();
  }

  /** The same reading with another end. */
  FeedReport ended(Outcome end, Optional<String> folder, Optional<Feed> held) {
    return new FeedReport(
        end,
        folder,
        held,
        end == Outcome.FED_BEFORE ? List.of() : files,
        skipped,
        reasons,
        findings);
  }

  /** As one process tells it another. */
  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("outcome", outcome.name());
    id.ifPresent(folder -> json.addProperty("id", folder));
    feed.ifPresent(held -> json.add("feed", held.toJson()));
    JsonArray read = new JsonArray();
    files.forEach(file -> read.add(file.toJson()));
    json.add("files", read);
    JsonArray before = new JsonArray();
    skipped.forEach(before::add);
    json.add("skipped", before);
    JsonObject counts = new JsonObject();
    reasons.forEach(counts::addProperty);
    json.add("reasons", counts);
    JsonArray found = new JsonArray();
    findings.forEach(finding -> found.add(finding.toJson()));
    json.add("findings", found);
    return json;
  }

  /**
   * @throws RuntimeException if it is not what {@link #toJson} makes
   */
  public static FeedReport of(JsonObject json) {
    List<String> skipped = new ArrayList<>();
    json.getAsJsonArray("skipped").forEach(name -> skipped.add(name.getAsString()));
    Map<String, Integer> reasons = new LinkedHashMap<>();
    json.getAsJsonObject("reasons")
        .entrySet()
        .forEach(reason -> reasons.put(reason.getKey(), reason.getValue().getAsInt()));
    return new FeedReport(
        Outcome.valueOf(Fields.text(json, "outcome")),
        Optional.ofNullable(json.get("id")).map(JsonElement::getAsString),
        Optional.ofNullable(json.getAsJsonObject("feed")).map(Feed::of),
        Fields.objects(json, "files").stream().map(FedFile::of).toList(),
        skipped,
        reasons,
        Fields.objects(json, "findings").stream().map(Fields::finding).toList());
  }
}
