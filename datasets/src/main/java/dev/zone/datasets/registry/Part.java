package dev.zone.datasets.registry;

import com.google.gson.JsonObject;
import dev.zone.conf.SplitSpec.Split;
import java.util.Optional;

/**
 * A file of a version.
 *
 * @param path below the dataset's folder
 * @param sha256 of its bytes, hexadecimal
 * @param split that its rows belong to; empty if the descriptor's rules decide
 */
public record Part(String path, long rows, long bytes, String sha256, Optional<Split> split) {
  JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("path", path);
    json.addProperty("rows", rows);
    json.addProperty("bytes", bytes);
    json.addProperty("sha256", sha256);
    split.ifPresent(one -> json.addProperty("split", one.name()));
    return json;
  }

  /**
   * @throws IllegalArgumentException if it is not what {@link #toJson} makes
   */
  static Part of(JsonObject json) {
    Part part =
        new Part(
            Fields.text(json, "path"),
            Fields.count(json, "rows"),
            Fields.count(json, "bytes"),
            Fields.sha256(json, "sha256"),
            json.has("split")
                ? Optional.of(Split.valueOf(Fields.text(json, "split")))
                : Optional.empty());
    if (!part.path.matches("feeds/[A-Za-z0-9-]{1,100}/data/[A-Za-z0-9._-]{1,100}")) {
      throw new IllegalArgumentException("expected a file of a feed");
    }
    return part;
  }
}
