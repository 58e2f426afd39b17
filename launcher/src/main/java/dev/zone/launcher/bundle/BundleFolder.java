package dev.zone.launcher.bundle;

import dev.zone.conf.BundleSpec;
import dev.zone.conf.BundleSpec.BundledFile;
import dev.zone.conf.error.Problems;
import dev.zone.conf.error.ZoneException;
import dev.zone.conf.yaml.Bound;
import dev.zone.conf.yaml.YamlBinder;
import dev.zone.conf.yaml.YamlWriter;
import dev.zone.datasets.format.Digests;
import dev.zone.launcher.runs.RunFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A bundle on disk: {@code bundle.yaml}, {@code plan.yaml}, {@code model-files/} and {@code jars/}.
 * The same job, data and build give the same bytes; whatever is changed afterwards is found.
 */
public final class BundleFolder {
  /** The file that says what there is. */
  public static final String MANIFEST = "bundle.yaml";

  private static final String JARS = "jars/";

  private final Path folder;

  public BundleFolder(Path folder) {
    this.folder = folder;
  }

  /** Whether a path is a bundle's. */
  public static boolean is(Path path) {
    return Files.isRegularFile(path.resolve(MANIFEST));
  }

  /**
   * Writes a bundle, all of it or nothing.
   *
   * @param manifest without files
   * @param content writes the plan and the model's files into the folder it is given
   * @throws ZoneException of the user's if something is there already, of the environment if it
   *     cannot be written
   */
  public BundleSpec write(
      BundleSpec manifest, List<ApplicationJars.Jar> jars, Consumer<Path> content) {
    if (Files.exists(folder)) {
      throw ZoneException.user(
          "Cannot write the bundle: " + folder + " is there (expected a place that is free)");
    }
    Path begun = folder.resolveSibling("." + folder.getFileName() + ".begun");
    try {
      remove(begun);
      Files.createDirectories(begun.resolve(JARS));
      content.accept(begun);
      for (ApplicationJars.Jar jar : jars) {
        // A copy: a second name would let a change of the bundle change the distribution.
        Files.copy(jar.path(), begun.resolve(JARS + jar.name()));
      }
      BundleSpec whole = withFiles(manifest, begun);
      Files.writeString(begun.resolve(MANIFEST), YamlWriter.write(whole), StandardCharsets.UTF_8);
      Files.move(begun, folder, StandardCopyOption.ATOMIC_MOVE);
      return whole;
    } catch (IOException e) {
      throw ZoneException.environment(
          "Cannot write the bundle: %s (%s)".formatted(folder, e.getMessage()), e);
    } finally {
      removeQuietly(begun);
    }
  }

  private static BundleSpec withFiles(BundleSpec manifest, Path folder) throws IOException {
    List<BundledFile> files = new ArrayList<>();
    for (String name : names(folder)) {
      Path file = folder.resolve(name);
      files.add(new BundledFile(name, Files.size(file), Digests.ofFile(file)));
    }
    return new BundleSpec(
        manifest.format(),
        manifest.centre(),
        manifest.zone(),
        manifest.spark(),
        manifest.scala(),
        manifest.backend(),
        manifest.platform(),
        files);
  }

  private static TreeSet<String> names(Path folder) throws IOException {
    TreeSet<String> names = new TreeSet<>();
    try (Stream<Path> all = Files.walk(folder)) {
      all.filter(Files::isRegularFile)
          .forEach(file -> names.add(folder.relativize(file).toString().replace('\\', '/')));
    }
    return names;
  }

  /**
   * Reads a bundle and checks every byte of it.
   *
   * @throws dev.zone.conf.error.InvalidInputException with every file that is gone, new or changed
   */
  public BundleSpec read() {
    Problems problems = new Problems();
    Optional<Bound<BundleSpec>> bound =
        YamlBinder.read(folder.resolve(MANIFEST), BundleSpec.class, List.of(), problems);
    problems.throwIfAny();
    BundleSpec bundle = bound.orElseThrow().value();
    try {
      TreeSet<String> there = names(folder);
      there.remove(MANIFEST);
      for (BundledFile file : bundle.files()) {
        if (!there.remove(file.path())) {
          problems.add("", cannotUse(file.path() + " is gone", "the file as packaged"));
        } else if (!Digests.ofFile(folder.resolve(file.path())).equals(file.sha256())) {
          problems.add(
              "",
              cannotUse(file.path() + " was changed after packaging", "SHA-256 " + file.sha256()));
        }
      }
      there.forEach(
          name -> problems.add("", cannotUse(name + " was added", "the files as packaged")));
    } catch (IOException e) {
      throw ZoneException.environment(
          "Cannot read the bundle: %s (%s)".formatted(folder, e.getMessage()), e);
    }
    problems.throwIfAny();
    return bundle;
  }

  private String cannotUse(String what, String expected) {
    return "Cannot use the bundle %s: %s (expected %s)".formatted(folder, what, expected);
  }

  /** The jars of a bundle that was read. */
  public List<ApplicationJars.Jar> jars(BundleSpec bundle) {
    return bundle.files().stream()
        .filter(file -> file.path().startsWith(JARS))
        .map(
            file ->
                new ApplicationJars.Jar(
                    file.path().substring(JARS.length()),
                    folder.resolve(file.path()),
                    file.bytes(),
                    file.sha256()))
        .toList();
  }

  private static void remove(Path tree) throws IOException {
    if (Files.exists(tree)) {
      RunFolder.deleteTree(tree);
    }
  }

  private static void removeQuietly(Path tree) {
    try {
      remove(tree);
    } catch (IOException e) {
      // It is hidden; the next packaging removes it.
      return;
    }
  }
}
