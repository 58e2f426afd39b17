package dev.zone.datasets.format;

import dev.zone.conf.SourceSpec.FileSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Which entries of a zip or folder are data, and what their paths say. */
final class Entries {
  /** What macOS adds to zips; never data unless named. */
  private static final String RESOURCE_FORKS = "__MACOSX";

  private static final Pattern GROUP = Pattern.compile("\\(\\?<([a-zA-Z][a-zA-Z0-9]*)>");

  private final Optional<Glob> glob;
  private final List<Glob> except;
  private final Optional<Pattern> name;
  private final List<String> groups;

  /**
   * @throws FormatException if the regular expression is none
   */
  Entries(FileSpec spec) {
    glob = spec.entries().map(Glob::new);
    except = spec.except().stream().map(Glob::new).toList();
    try {
      name = spec.name().map(Pattern::compile);
    } catch (PatternSyntaxException e) {
      throw new FormatException(
          "Cannot use name: '%s' (expected a regular expression: %s)"
              .formatted(Texts.shown(spec.name().orElse("")), e.getDescription()),
          e);
    }
    groups =
        spec.name().stream()
            .flatMap(regex -> GROUP.matcher(regex).results())
            .map(found -> found.group(1))
            .distinct()
            .toList();
  }

  boolean takes(String entry) {
    if (("/" + entry).contains("/" + RESOURCE_FORKS + "/")
        && !glob.map(each -> each.names(RESOURCE_FORKS)).orElse(false)) {
      return false;
    }
    if (except.stream().anyMatch(each -> each.matches(entry))) {
      return false;
    }
    return glob.map(each -> each.matches(entry)).orElse(true);
  }

  /** Columns that the entry's path gives. */
  List<String> groups() {
    return groups;
  }

  /**
   * The values of {@link #groups()} for an entry.
   *
   * @throws FormatException if the path does not match
   */
  Map<String, String> values(String entry) {
    Map<String, String> values = new LinkedHashMap<>();
    if (name.isPresent()) {
      Matcher matcher = name.get().matcher(entry);
      if (!matcher.find()) {
        throw new FormatException(
            "Cannot match name: '%s' (expected %s)"
                .formatted(Texts.shown(entry), name.get().pattern()));
      }
      for (String group : groups) {
        String value = matcher.group(group);
        values.put(group, value == null ? "" : value);
      }
    }
    return values;
  }
}
