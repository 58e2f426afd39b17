package dev.zone.datasets.registry;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.zone.datasets.format.Digests;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A version: what it holds, and how it came to be. Its digest is over the descriptor and the
 * content of the files in their order, so that the same content has the same digest wherever it
 * lies.
 *
 * @param number from 1
 * @param digest SHA-256, hexadecimal
 * @param parts its files, in the order of their rows
 * @param feeds all that went into it, the newest last
 */
public record Version(int number, String digest, List<Part> parts, List<Feed> feeds) {
  private static final int FORMAT = 1;

  public Version {
    parts = List.copyOf(parts);
    feeds = List.copyOf(feeds);
  }

  /** The version that comes of adding files to another, or to nothing. */
  static Version after(Optional<Version> before, String descriptor, List<Part> added, Feed feed) {
    List<Part> parts = new ArrayList<>(before.map(Version::parts).orElse(List.of()));
    parts.addAll(added);
    List<Feed> feeds = new ArrayList<>(before.map(Version::feeds).orElse(List.of()));
    feeds.add(feed);
    return new Version(feed.version(), digest(descriptor, parts), parts, feeds);
  }

  private static String digest(String descriptor, List<Part> parts) {
    StringBuilder text = new StringBuilder(Digests.ofText(descriptor)).append('\n');
    for (Part part : parts) {
      text.append(part.sha256()).append(' ').append(part.rows());
      part.split().ifPresent(split -> text.append(' ').append(split));
      text.append('\n');
    }
    return Digests.ofText(text.toString());
  }

  public long rows() {
    return parts.stream().mapToLong(Part::rows).sum();
  }

  public long bytes() {
    return parts.stream().mapToLong(Part::bytes).sum();
  }

  /** The feed that made it. */
  public Feed feed() {
    return feeds.get(feeds.size() - 1);
  }

  /** The feed that brought a file of that content, if one did. */
  public Optional<Feed> feedOf(String sha256) {
    return feeds.stream()
        .filter(feed -> feed.files().stream().anyMatch(file -> file.sha256().equals(sha256)))
        .findFirst();
  }

  JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("format", FORMAT);
    json.addProperty("version", number);
    json.addProperty("digest", digest);
    json.addProperty("rows", rows());
    json.addProperty("bytes", bytes());
    JsonArray files = new JsonArray();
    parts.forEach(part -> files.add(part.toJson()));
    json.add("files", files);
    JsonArray history = new JsonArray();
    feeds.forEach(feed -> history.add(feed.toJson()));
    json.add("feeds", history);
    return json;
  }

  /**
   * What a manifest says.
   *
   * @param number that its name says
   * @param descriptor the dataset's
   * @throws IllegalArgumentException if it contradicts itself or is none
   */
  static Version of(int number, String descriptor, JsonObject json) {
    if (Fields.count(json, "format") != FORMAT) {
      throw new IllegalArgumentException("expected format " + FORMAT);
    }
    Version version =
        new Version(
            Math.toIntExact(Fields.count(json, "version")),
            Fields.text(json, "digest"),
            Fields.objects(json, "files").stream().map(Part::of).toList(),
            Fields.objects(json, "feeds").stream().map(Feed::of).toList());
    if (version.number != number || version.feeds.isEmpty()) {
      throw new IllegalArgumentException("expected version " + number + " with its feeds");
    }
    if (!version.digest.equals(digest(descriptor, version.parts))) {
      throw new IllegalArgumentException("expected the digest of descriptor and files");
    }
    return version;
  }
}
