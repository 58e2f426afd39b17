package dev.zone.datasets.format;

import dev.zone.conf.SourceSpec.FileSpec;
import dev.zone.conf.error.Names;
import dev.zone.conf.error.Problems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Finds a descriptor's files. */
final class SourceFiles {
  private final DataFolder folder;
  private final Problems problems;

  SourceFiles(DataFolder folder, Problems problems) {
    this.folder = folder;
    this.problems = problems;
  }

  /** The files and folders of an entry, sorted by name. */
  List<SourceFile> find(FileSpec spec) {
    List<SourceFile> found = new ArrayList<>();
    Faults.gather(
        spec.path(),
        problems,
        () -> {
          if (!Glob.isGlob(spec.path())) {
            found.add(new SourceFile(spec.path(), resolve(spec.path()), spec));
            return;
          }
          List<Glob> except = spec.except().stream().map(Glob::new).toList();
          for (String name : folder.match(new Glob(spec.path()))) {
            if (except.stream().anyMatch(each -> each.matches(name))) {
              continue;
            }
            found.add(new SourceFile(name, folder.resolve(name), spec));
          }
          if (found.isEmpty()) {
            problems.add(spec.path(), "Cannot find any file: '%s'".formatted(spec.path()));
          }
        });
    return found;
  }

  private Path resolve(String name) throws IOException {
    try {
      return folder.resolve(name);
    } catch (NoSuchFileException e) {
      throw new FormatException(
          "Cannot find file '%s' in the data folder %s%s"
              .formatted(name, folder.root(), nearest(name)),
          e);
    }
  }

  private String nearest(String name) {
    int slash = name.lastIndexOf('/');
    String parent = slash < 0 ? "" : name.substring(0, slash);
    try (var listing = Files.newDirectoryStream(folder.resolve(parent))) {
      List<String> names = new ArrayList<>();
      for (Path each : listing) {
        names.add((parent.isEmpty() ? "" : parent + "/") + each.getFileName());
        if (names.size() == 10_000) {
          break;
        }
      }
      return Names.suggestion(name, names);
    } catch (IOException | FormatException e) {
      return "";
    }
  }

  DataFolder folder() {
    return folder;
  }
}
