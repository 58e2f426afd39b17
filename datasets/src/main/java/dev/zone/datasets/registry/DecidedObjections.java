package dev.zone.datasets.registry;

import dev.zone.conf.error.ZoneException;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Objections to rows of pieces, on this machine's disk until the pieces are read: nearly all rows
 * of large files may be objected to. First all are added, and then all are taken.
 */
final class DecidedObjections implements AutoCloseable {
  private Optional<Path> file = Optional.empty();
  private DataOutputStream out = new DataOutputStream(DataOutputStream.nullOutputStream());
  private DataInputStream in = new DataInputStream(DataInputStream.nullInputStream());
  private boolean reading;

  /** Adds those of the next piece. */
  void add(Objections objections) {
    try {
      if (file.isEmpty()) {
        file = Optional.of(Files.createTempFile("zone-objections", ""));
        out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file.get())));
      }
      byte[] text = objections.toText().getBytes(StandardCharsets.ISO_8859_1);
      out.writeInt(text.length);
      out.write(text);
    } catch (IOException e) {
      throw cannot(e);
    }
  }

  /** Those to the next piece, in the order in which they were added; none if none were. */
  Objections next() {
    if (file.isEmpty()) {
      return new Objections();
    }
    try {
      if (!reading) {
        out.close();
        in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file.get())));
        reading = true;
      }
      return Objections.of(new String(in.readNBytes(in.readInt()), StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      throw cannot(e);
    }
  }

  @Override
  public void close() {
    try {
      out.close();
      in.close();
    } catch (IOException e) {
      throw cannot(e);
    } finally {
      file.ifPresent(path -> path.toFile().delete());
    }
  }

  private static ZoneException cannot(IOException e) {
    return ZoneException.environment(
        "Cannot keep what is to be set aside (%s)".formatted(e.getMessage()), e);
  }
}
