package dev.zone.datasets.format;

import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.Problems;
import dev.zone.conf.error.ZoneException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.zip.ZipException;

/** Tells a wrong file, the user's to mend, from storage that fails. */
final class Faults {
  private Faults() {}

  /** Something that reads a file. */
  interface Reading {
    void run() throws IOException;
  }

  /**
   * Runs it; what is wrong with the file becomes a problem.
   *
   * @throws ZoneException of kind ENVIRONMENT if storage fails
   */
  static void gather(String file, Problems problems, Reading reading) {
    try {
      reading.run();
    } catch (FormatException e) {
      problems.add(file, e.getMessage());
    } catch (EOFException | ZipException e) {
      problems.add(
          file, "Cannot read file: %s (expected a complete file)".formatted(e.getMessage()));
    } catch (NoSuchFileException | NotDirectoryException e) {
      problems.add(file, "Cannot find file: " + file);
    } catch (AccessDeniedException e) {
      throw new ZoneException(
          ErrorKind.ENVIRONMENT,
          "Cannot read %s: no permission to read %s".formatted(file, e.getFile()),
          e);
    } catch (IOException e) {
      throw new ZoneException(
          ErrorKind.ENVIRONMENT, "Cannot read %s: %s".formatted(file, e.getMessage()), e);
    }
  }
}
