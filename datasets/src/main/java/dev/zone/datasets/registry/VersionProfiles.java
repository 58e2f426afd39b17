package dev.zone.datasets.registry;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.zone.conf.DatasetSpec;
import dev.zone.datasets.PreparedManifest.Finding;
import dev.zone.datasets.admission.RowFindings;
import dev.zone.datasets.admission.RowSample;
import dev.zone.datasets.profile.Profile;
import dev.zone.datasets.record.RecordFiles;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the rows of a dataset's versions are like: beside the files of each feed a profile of its
 * own rows and one of the version that it made. They follow from the rows, so that a version is
 * whole without them.
 */
public final class VersionProfiles {
  private static final String OWN = "rows.json";
  private static final String FINDINGS = "findings.json";
  private static final String ALL = "profile.json";

  private final RecordFiles records;
  private final VersionSamples samples;

  VersionProfiles(RecordFiles records, VersionSamples samples) {
    this.records = records;
    this.samples = samples;
  }

  private static String file(String feed, String name) {
    return FeedWriter.FEEDS + "/" + feed + "/" + name;
  }

  /** Of a feed that is to go on top of a version. */
  void write(FeedWriter writer, Optional<Version> newest, List<FeedWriter.Fed> fed) {
    String feed = writer.id();
    if (fed.stream().allMatch(one -> one.profile().isEmpty())) {
      return;
    }
    Profile own = new Profile();
    fed.forEach(one -> one.profile().ifPresent(own::add));
    Profile all = newest.flatMap(this::of).orElseGet(Profile::new);
    all.add(own);
    records.replace(file(feed, OWN), own.toJson());
    records.replace(file(feed, ALL), all.toJson());
    writer.sampled().ifPresent(sampled -> note(feed, newest, sampled, own.rows()));
  }

  /** Notes what all rows of the version that a feed is to make may mislead to. */
  private void note(String feed, Optional<Version> newest, FeedWriter.Sampled sampled, long added) {
    VersionSamples.Kept all = samples.join(newest, added, sampled.rows());
    samples.write(feed, all, name -> RowFindings.isSeen(sampled.descriptor(), name));
    List<Finding> findings = RowFindings.giveaways(sampled.descriptor(), all.sample().table());
    if (findings.isEmpty() && all.rows() < newest.map(Version::rows).orElse(0L) + added) {
      // Earlier feeds left what they found, and none of their rows.
      findings = newest.map(this::noted).orElse(List.of());
    }
    JsonArray found = new JsonArray();
    findings.forEach(finding -> found.add(finding.toJson()));
    JsonObject json = new JsonObject();
    json.add("findings", found);
    // Though there are none: a try on top of another version may have left some.
    records.replace(file(feed, FINDINGS), json);
  }

  /**
   * Which inputs tell the label, of a version and the rows of a feed together.
   *
   * @param rows of the feed
   */
  List<Finding> giveaways(DatasetSpec descriptor, Optional<Version> newest, RowSample rows) {
    return RowFindings.giveaways(descriptor, samples.join(newest, 0, rows).sample().table());
  }

  /** Lets go of what only the newest version needs, of one that is no longer. */
  void outdate(Version version) {
    samples.forget(version);
  }

  /** What was noted of the rows of a version, of several feeds together. */
  public List<Finding> noted(Version version) {
    List<Finding> findings = new ArrayList<>();
    Optional<JsonObject> json = records.read(file(version.feed().id(), FINDINGS));
    try {
      for (JsonObject one :
          json.isPresent() ? Fields.objects(json.get(), "findings") : List.<JsonObject>of()) {
        findings.add(Fields.finding(one));
      }
    } catch (IllegalArgumentException e) {
      // As with profiles.
      return List.of();
    }
    return findings;
  }

  /** Of a version; empty if it was made without. */
  public Optional<Profile> of(Version version) {
    return read(file(version.feed().id(), ALL)).filter(profile -> profile.rows() == version.rows());
  }

  /**
   * Of the rows that came to a version after an earlier one.
   *
   * @return empty if one of the feeds was made without
   */
  public Optional<Profile> since(int earlier, Version version) {
    Profile since = new Profile();
    for (Feed feed : version.feeds()) {
      if (feed.version() > earlier) {
        Optional<Profile> own = read(file(feed.id(), OWN));
        if (own.isEmpty()) {
          return Optional.empty();
        }
        since.add(own.get());
      }
    }
    return Optional.of(since);
  }

  private Optional<Profile> read(String name) {
    Optional<JsonObject> json = records.read(name);
    try {
      return json.map(Profile::of);
    } catch (IllegalArgumentException e) {
      // Whoever may write there may also damage it; versions do not depend on it.
      return Optional.empty();
    }
  }
}
