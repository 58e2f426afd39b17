package dev.zone.datasets.registry;

import com.google.gson.JsonObject;
import dev.zone.datasets.format.Digests;
import java.util.List;

/**
 * A file that was fed.
 *
 * @param name without its folder
 * @param sha256 of its bytes, hexadecimal, or as {@link #together} makes it: the same content is
 *     fed once, whatever its name
 * @param rows that it added
 * @param rejected rows of it that were set aside
 */
public record FedFile(String name, String sha256, long rows, long rejected) {
  /**
   * The digest of a file that is fed with others that belong to it.
   *
   * @param own digest of its bytes
   * @param companions digests of the others' bytes, in the descriptor's order
   */
  public static String together(String own, List<String> companions) {
    return companions.isEmpty()
        ? own
        : Digests.ofText(own + "\n" + String.join("\n", companions) + "\n");
  }

  /** The same file, as one entry of the descriptor and another read it. */
  FedFile and(FedFile other) {
    return new FedFile(name, sha256, rows + other.rows, rejected + other.rejected);
  }

  /** As manifests and answers have it. */
  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("name", name);
    json.addProperty("sha256", sha256);
    json.addProperty("rows", rows);
    json.addProperty("rejected", rejected);
    return json;
  }

  /**
   * @throws IllegalArgumentException if it is not what {@link #toJson} makes
   */
  static FedFile of(JsonObject json) {
    return new FedFile(
        Fields.text(json, "name"),
        Fields.sha256(json, "sha256"),
        Fields.count(json, "rows"),
        Fields.count(json, "rejected"));
  }
}
