package dev.zone.datasets.download;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.zone.datasets.format.Digests;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.Set;

/**
 * A file as far as it came, with its record, whose lock is held while this is open. The operating
 * system lets go of it when the process ends, however it ends. The record is written where it lies
 * and never taken away: a lock on a file that another replaces locks nothing.
 */
final class Part implements AutoCloseable {
  private static final int MOST_RECORD_BYTES = 1 << 16;

  private final Path target;
  private final Path path;
  private final FileChannel record;
  private final FileChannel bytes;
  private long size;

  private Part(Path target, FileChannel record) throws IOException {
    this.target = target;
    this.path = target.resolveSibling(target.getFileName() + ".part");
    this.record = record;
    // Through a link that somebody laid there, bytes would go to another file.
    this.bytes = FileChannel.open(path, Set.of(CREATE, WRITE, NOFOLLOW_LINKS));
    this.size = bytes.size();
    bytes.position(size);
  }

  /**
   * Opens it, and holds it.
   *
   * @param target the file's place once it is whole; its folder is there
   * @return empty if another holds it
   */
  static Optional<Part> take(Path target) throws IOException {
    FileChannel record =
        FileChannel.open(recordOf(target), Set.of(CREATE, READ, WRITE, NOFOLLOW_LINKS));
    boolean kept = false;
    try {
      if (record.tryLock() == null) {
        return Optional.empty();
      }
      Part part = new Part(target, record);
      kept = true;
      return Optional.of(part);
    } catch (OverlappingFileLockException e) {
      // Held by this very process.
      return Optional.empty();
    } finally {
      if (!kept) {
        record.close();
      }
    }
  }

  private static Path recordOf(Path target) {
    return target.resolveSibling("." + target.getFileName() + ".pull");
  }

  /**
   * The record of a file that nobody here holds: to close a file gives up the process's locks on
   * it.
   */
  static Optional<PullRecord> record(Path target) throws IOException {
    try (InputStream in = Files.newInputStream(recordOf(target), NOFOLLOW_LINKS)) {
      return PullRecord.parse(in.readNBytes(MOST_RECORD_BYTES));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** What is known of it. */
  Optional<PullRecord> record() throws IOException {
    ByteBuffer buffer =
        ByteBuffer.allocate(Math.toIntExact(Math.min(record.size(), MOST_RECORD_BYTES)));
    while (buffer.hasRemaining() && record.read(buffer, buffer.position()) > 0) {
      // Reads on.
    }
    return PullRecord.parse(buffer.array());
  }

  /** Bytes that are here. */
  long size() {
    return size;
  }

  /** Begins again, with what is known of the version that is about to come. */
  void begin(PullRecord known) throws IOException {
    // In this order: bytes of one version never stand beside another's record.
    discard();
    write(known);
  }

  /** Drops what came. */
  void discard() throws IOException {
    bytes.truncate(0);
    bytes.position(0);
    size = 0;
  }

  private void write(PullRecord known) throws IOException {
    record.truncate(0);
    ByteBuffer buffer = ByteBuffer.wrap(known.bytes());
    while (buffer.hasRemaining()) {
      record.write(buffer, buffer.position());
    }
    record.force(true);
  }

  /** Adds bytes at the end. */
  void add(ByteBuffer more) throws IOException {
    while (more.hasRemaining()) {
      size += bytes.write(more);
    }
  }

  /** SHA-256 of what lies on disk, hexadecimal. */
  String sha256() throws IOException {
    return Digests.ofFile(path);
  }

  /** Gives it its name: it is whole. */
  void publish(PullRecord known) throws IOException {
    bytes.force(true);
    write(known);
    Files.move(path, target, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Takes an empty rest away, and lets go. */
  @Override
  public void close() throws IOException {
    try (record;
        bytes) {
      if (size == 0) {
        Files.deleteIfExists(path);
      }
    }
  }
}
