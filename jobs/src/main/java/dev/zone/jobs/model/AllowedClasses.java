package dev.zone.jobs.model;

import dev.zone.conf.error.Names;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The classes that a configuration from outside may name: DL4J's own layers, vertices,
 * preprocessors, activations, losses, updaters and what belongs to them, as far as they make sense
 * in supervised training with one label an example. Jackson would take any subtype on the class
 * path; nothing that runs code of others (SameDiff, lambdas) is here.
 */
final class AllowedClasses {
  private static final Pattern CLASS_NAME =
      Pattern.compile("(?:[a-z_][A-Za-z0-9_]*\\.)+[A-Z_$][A-Za-z0-9_$]*");

  private static final Set<String> NAMES = load();

  private AllowedClasses() {}

  private static Set<String> load() {
    try (InputStream in = AllowedClasses.class.getResourceAsStream("allowed-classes.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .collect(Collectors.toUnmodifiableSet());
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the list of allowed classes", e);
    }
  }

  static boolean contains(String name) {
    return NAMES.contains(name);
  }

  /** Whether a text could be the name of a class, wherever it stands. */
  static boolean looksLikeOne(String text) {
    return text.indexOf('.') > 0 && text.length() < 300 && CLASS_NAME.matcher(text).matches();
  }

  /** The allowed class that somebody meant, by its simple name. */
  static Optional<String> nearest(String name) {
    List<String> simple = NAMES.stream().map(AllowedClasses::simple).distinct().toList();
    return Names.nearest(simple(name), simple);
  }

  private static String simple(String name) {
    return name.substring(name.lastIndexOf('.') + 1);
  }
}
