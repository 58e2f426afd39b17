package dev.zone.datasets.registry;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.zone.datasets.PreparedManifest.Finding;
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

  VersionProfiles(RecordFiles records) {
    this.records = records;
  }

  private static String file(String feed, String name) {
    return FeedWriter.FEEDS + "/" + feed + "/" + name;
  }

  /** Of a feed that is to go on top of a version. */
  void write(String feed, Optional<Version> newest, List<FeedWriter.Fed> fed) {
    if (fed.stream().allMatch(one -> one.profile().isEmpty())) {
      return;
    }
    Profile own = new Profile();
    fed.forEach(one -> one.profile().ifPresent(own::add));
    Profile all = newest.flatMap(this::of).orElseGet(Profile::new);
    all.add(own);
    records.replace(file(feed, OWN), own.toJson());
    records.replace(file(feed, ALL), all.toJson());
  }

  /** Notes what a feed's rows may mislead to, as far as only the rows themselves tell it. */
  void note(String feed, List<Finding> findings) {
    if (findings.isEmpty()) {
      return;
    }
    JsonArray all = new JsonArray();
    findings.forEach(finding -> all.add(finding.toJson()));
    JsonObject json = new JsonObject();
    json.add("findings", all);
    records.replace(file(feed, FINDINGS), json);
  }

  /** What was noted of the rows of the feed that made a version. */
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
