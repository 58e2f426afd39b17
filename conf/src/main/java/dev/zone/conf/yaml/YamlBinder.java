package dev.zone.conf.yaml;

import dev.zone.conf.error.Problems;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Reads YAML 1.2 (JSON is a part of it) into records, guided by their annotations. A record's
 * component is a key; {@link Default} says what a key not given is, an Optional one is then empty,
 * any other is required. All problems of a file are found in one go, each with its place, none
 * thrown.
 *
 * <p>Texts are taken as they are written, quoted or not ({@code 3} is a text where a text is
 * expected); numbers and true or false must not be quoted; NaN and infinity are no numbers here. A
 * key with nothing behind it is as if not given where the key is optional, and refused otherwise.
 */
public final class YamlBinder {
  private YamlBinder() {}

  /**
   * Reads a file.
   *
   * @param settings go over the file's values before they are checked, in this order
   * @param problems receives what is wrong with the file or the settings
   * @return the record, if nothing is wrong
   */
  public static <T> Optional<Bound<T>> read(
      Path file, Class<T> type, List<Setting> settings, Problems problems) {
    return text(file, problems)
        .flatMap(text -> parse(text, file.toString(), type, settings, problems));
  }

  /**
   * As {@link #read}, but as far as possible the record is there too if something is wrong with
   * some of its values, so that what is wrong with the others shows at once; it is not to be used
   * for anything else. {@link Locations#isSound} tells which values are as in the file.
   */
  public static <T> Optional<Bound<T>> readBesideProblems(
      Path file, Class<T> type, Problems problems) {
    return text(file, problems)
        .flatMap(text -> parseBesideProblems(text, file.toString(), type, problems));
  }

  /**
   * As {@link #readBesideProblems}, from a text.
   *
   * @param name stands for the file in places
   */
  public static <T> Optional<Bound<T>> parseBesideProblems(
      String text, String name, Class<T> type, Problems problems) {
    return YamlTree.parse(text, name, true, problems)
        .flatMap(root -> bind(root, name, type, new Binding(problems, true)));
  }

  /**
   * As {@link #read}, from a text.
   *
   * @param name stands for the file in places
   */
  public static <T> Optional<Bound<T>> parse(
      String text, String name, Class<T> type, List<Setting> settings, Problems problems) {
    Problems own = new Problems();
    Optional<Bound<T>> bound =
        YamlTree.parse(text, name, true, own)
            .map(root -> set(root, settings, own))
            .flatMap(root -> bind(root, name, type, new Binding(own, false)));
    problems.addAll(own);
    return own.isEmpty() ? bound : Optional.empty();
  }

  private static YamlNode set(YamlNode root, List<Setting> settings, Problems problems) {
    YamlNode changed = root;
    for (Setting setting : settings) {
      changed = setting.applyTo(changed, problems);
    }
    return changed;
  }

  private static <T> Optional<Bound<T>> bind(
      YamlNode root, String name, Class<T> type, Binding binding) {
    return binding
        .bind(root, type, Limits.NONE, "")
        .map(
            value ->
                new Bound<>(
                    type.cast(value), new Locations(name, binding.places(), binding.unusable())));
  }

  /**
   * A file's text, without a byte order mark.
   *
   * @param problems receives why it cannot be had
   */
  public static Optional<String> text(Path file, Problems problems) {
    String name = file.toString();
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(YamlTree.MAX_CHARACTERS + 1);
      if (bytes.length > YamlTree.MAX_CHARACTERS) {
        problems.add(name, "Cannot read YAML: more than 1 MiB (expected at most 1 MiB)");
        return Optional.empty();
      }
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return Optional.of(text.startsWith("\uFEFF") ? text.substring(1) : text);
    } catch (NoSuchFileException e) {
      problems.add(name, "Cannot read YAML: no such file (expected an existing file)");
    } catch (CharacterCodingException e) {
      problems.add(name, "Cannot read YAML: bytes that are not UTF-8 (expected UTF-8 text)");
    } catch (IOException e) {
      problems.add(
          name,
          Files.isDirectory(file)
              ? "Cannot read YAML: a folder (expected a file)"
              : "Cannot read YAML: " + e.getMessage() + " (expected a readable file)");
    }
    return Optional.empty();
  }
}
