package dev.zone.datasets.format;

import dev.zone.conf.SourceSpec.FileSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Which npy files stand side by side, a column each: those with the same split and values, one
 * after another in the descriptor.
 */
final class NumpyBlocks {
  private static final String COLUMN = "column";

  private NumpyBlocks() {}

  /** The column that a file holds, if the descriptor says so. */
  static Optional<String> column(FileSpec file) {
    return Optional.ofNullable(file.values().get(COLUMN));
  }

  /** What is the same in all rows. */
  static Map<String, String> others(FileSpec file) {
    Map<String, String> others = new LinkedHashMap<>(file.values());
    others.remove(COLUMN);
    return others;
  }

  /** Whether a file holds several arrays. */
  static boolean isArchive(String path) {
    String name = Packed.unpackedName(path).toLowerCase(Locale.ROOT);
    return name.endsWith(".npz") || name.endsWith(".zip");
  }

  /** Whether rows of one file are those of another, as far as the descriptor says. */
  static boolean areAlike(FileSpec one, FileSpec other) {
    return one.split().equals(other.split()) && others(one).equals(others(other));
  }

  /** Files that stand side by side, the first of which has the rows; those alone are left out. */
  static List<List<FileSpec>> of(List<FileSpec> files) {
    List<List<FileSpec>> blocks = new ArrayList<>();
    List<FileSpec> open = new ArrayList<>();
    for (FileSpec file : files) {
      boolean alone = isArchive(file.path()) || Glob.isGlob(file.path()) || column(file).isEmpty();
      boolean joins =
          !alone
              && !open.isEmpty()
              && areAlike(open.get(0), file)
              && open.stream().noneMatch(each -> column(each).equals(column(file)));
      if (!joins) {
        open = new ArrayList<>();
        blocks.add(open);
      }
      open.add(file);
      if (alone) {
        open = new ArrayList<>();
      }
    }
    return blocks.stream().filter(block -> block.size() > 1).map(List::copyOf).toList();
  }
}
