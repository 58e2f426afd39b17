package dev.zone.datasets.format;

import dev.zone.conf.SourceSpec;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * A file as its reader takes it: one that is packed and is not read from its start to its end is
 * unpacked to a temporary file, which is gone when this is closed.
 */
final class Unpacked implements Closeable {
  private final SourceFile file;
  private final Optional<Path> temporary;

  private Unpacked(SourceFile file, Optional<Path> temporary) {
    this.file = file;
    this.temporary = temporary;
  }

  /**
   * @param source how the file is read
   * @throws FormatException if it cannot be unpacked, or to more than the limits allow
   */
  static Unpacked of(SourceFile file, SourceSpec source, Limits limits) throws IOException {
    if (Files.isDirectory(file.path())) {
      return new Unpacked(file, Optional.empty());
    }
    Packed.requireKnown(file.name());
    if (!isNeeded(source, file.name())) {
      return new Unpacked(file, Optional.empty());
    }
    Path temporary = Files.createTempFile("zone-unpacked", ".bin");
    try (InputStream in = Packed.open(file.path(), file.name(), limits)) {
      Files.copy(in, temporary, StandardCopyOption.REPLACE_EXISTING);
      return new Unpacked(
          new SourceFile(file.name(), temporary, file.spec()), Optional.of(temporary));
    } catch (IOException | RuntimeException e) {
      Files.deleteIfExists(temporary);
      throw e;
    }
  }

  /** Tars are unpacked as they are read, and so is text that is in no zip. */
  private static boolean isNeeded(SourceSpec source, String name) {
    boolean streams =
        source instanceof SourceSpec.Delimited
            || source instanceof SourceSpec.JsonLines
            || source instanceof SourceSpec.Matlab;
    return Packed.isPacked(name)
        && !TarArchive.isTar(name)
        && (!streams || TextContents.isZip(name));
  }

  /** By its name, where it lies now. */
  SourceFile file() {
    return file;
  }

  @Override
  public void close() throws IOException {
    if (temporary.isPresent()) {
      Files.deleteIfExists(temporary.get());
    }
  }
}
