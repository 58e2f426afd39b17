package dev.zone.conf;

import dev.zone.conf.yaml.Doc;
import dev.zone.conf.yaml.Scalar;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a dataset, {@code domain/name}, or of one of its versions, {@code domain/name@3}.
 *
 * @param version empty for the newest
 */
@Scalar
@Doc("dataset name: `domain/name` or `domain/name@version`")
public record DatasetName(String domain, String name, OptionalInt version) {
  /** What data are of. */
  public static final List<String> DOMAINS = List.of("chip", "manufacturing", "vehicle");

  private static final Pattern TEXT =
      Pattern.compile(
          "(" + String.join("|", DOMAINS) + ")/([a-z0-9][a-z0-9._-]{0,99})(?:@([1-9][0-9]{0,8}))?");

  public static DatasetName parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches() || text.contains("..")) {
      throw new IllegalArgumentException(
          "expected domain/name or domain/name@version, the domain chip, manufacturing or vehicle");
    }
    return new DatasetName(
        matcher.group(1),
        matcher.group(2),
        matcher.group(3) == null
            ? OptionalInt.empty()
            : OptionalInt.of(Integer.parseInt(matcher.group(3))));
  }

  /** Domain and name, without a version. */
  public String path() {
    return domain + "/" + name;
  }

  @Override
  public String toString() {
    return path() + (version.isPresent() ? "@" + version.getAsInt() : "");
  }
}
