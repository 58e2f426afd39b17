package dev.zone.datasets.format;

import dev.zone.conf.SourceSpec.FileSpec;
import dev.zone.conf.error.Problems;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;

/** The texts of a file: itself, unpacked if it is packed, or the entries of a zip or tar. */
final class TextContents {
  private static final int BUFFER = 1 << 16;

  private final Limits limits;
  private final Problems problems;

  /**
   * @param problems receives what is wrong with single entries
   */
  TextContents(Limits limits, Problems problems) {
    this.limits = limits;
    this.problems = problems;
  }

  /** Reads one text. */
  interface Reading {
    /**
     * @param name of the text, with the archive that it is in
     * @param constants columns that are the same for all its rows
     */
    void read(String name, InputStream in, Map<String, String> constants) throws IOException;
  }

  /** Whether a file of that name is a text itself, neither packed nor an archive. */
  static boolean isPlain(String name) {
    return !TarArchive.isTar(name)
        && !isZip(name)
        && !Packed.isPacked(name)
        && !Packed.isForeign(name);
  }

  /** Whether the file is a zip, once it is unpacked. */
  static boolean isZip(String name) {
    return Packed.unpackedName(name).toLowerCase(Locale.ROOT).endsWith(".zip");
  }

  void read(SourceFile file, Reading reading) throws IOException {
    Entries entries = new Entries(file.spec());
    if (TarArchive.isTar(file.name())) {
      readTar(file, entries, reading);
      return;
    }
    if (!isZip(file.name())) {
      try (InputStream in = Packed.open(file.path(), file.name(), limits)) {
        reading.read(file.name(), in, constants(file.spec(), file.name()));
      }
      return;
    }
    try (ZipArchive zip = ZipArchive.open(file.path(), limits)) {
      List<ZipEntry> taken =
          zip.entries().stream().filter(entry -> entries.takes(entry.getName())).toList();
      if (taken.isEmpty()) {
        throw none("zip", file);
      }
      for (ZipEntry entry : taken) {
        String name = file.name() + "!/" + entry.getName();
        Faults.gather(
            name,
            problems,
            () -> {
              try (InputStream in = new BufferedInputStream(zip.open(entry), BUFFER)) {
                reading.read(name, in, constants(file.spec(), entry.getName()));
              }
            });
      }
    }
  }

  private void readTar(SourceFile file, Entries entries, Reading reading) throws IOException {
    boolean any = false;
    try (TarArchive tar = TarArchive.open(file.path(), limits)) {
      for (Optional<TarArchive.Entry> next = tar.next(); next.isPresent(); next = tar.next()) {
        String entry = next.get().name();
        if (entries.takes(entry)) {
          any = true;
          String name = file.name() + "!/" + entry;
          Faults.gather(
              name,
              problems,
              () -> reading.read(name, tar.content(), constants(file.spec(), entry)));
        }
      }
    }
    if (!any) {
      throw none("tar", file);
    }
  }

  private static FormatException none(String archive, SourceFile file) {
    return new FormatException(
        "Cannot find data in %s (expected entries '%s')"
            .formatted(archive, file.spec().entries().orElse("**")));
  }

  /**
   * Columns that are the same for all rows of a text.
   *
   * @param path of the text in its archive, or the file's own name
   */
  static Map<String, String> constants(FileSpec spec, String path) {
    Map<String, String> constants = new LinkedHashMap<>(spec.values());
    constants.putAll(new Entries(spec).values(path));
    return constants;
  }
}
