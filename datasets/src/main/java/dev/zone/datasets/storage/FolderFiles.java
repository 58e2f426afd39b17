package dev.zone.datasets.storage;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;

/** All files of a folder that is mounted here, sorted by their paths: as one file, so to say. */
public final class FolderFiles {
  private static final int MOST_FILES = 2_000_000;
  private static final int MOST_OBJECTIONS = 5;
  private static final int BUFFER = 1 << 16;

  private final Path folder;
  private final List<Entry> entries;
  private final List<String> objections;

  /** A file; its name is the path below the folder, '/' between folders. */
  private record Entry(String name, long bytes, String changed) {}

  private FolderFiles(Path folder, List<Entry> entries, List<String> objections) {
    this.folder = folder;
    this.entries = entries;
    this.objections = objections;
  }

  /**
   * Looks at the folder as it is now.
   *
   * @throws IOException if it cannot be read
   */
  public static FolderFiles of(Path folder) throws IOException {
    Path root = folder.toRealPath();
    List<Entry> found = new ArrayList<>();
    List<String> objections = new ArrayList<>();
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            String name = root.relativize(file).toString().replace('\\', '/');
            if (!attributes.isRegularFile()) {
              objections.add(
                  "Cannot read folder: '%s' is %s (expected files and folders)"
                      .formatted(name, attributes.isSymbolicLink() ? "a link" : "no file"));
            } else if (found.size() == MOST_FILES) {
              objections.add(
                  "Cannot read folder: more than %d files (expected fewer)".formatted(MOST_FILES));
              return FileVisitResult.TERMINATE;
            } else {
              found.add(
                  new Entry(name, attributes.size(), attributes.lastModifiedTime().toString()));
            }
            return objections.size() < MOST_OBJECTIONS
                ? FileVisitResult.CONTINUE
                : FileVisitResult.TERMINATE;
          }
        });
    found.sort(Comparator.comparing(Entry::name));
    return new FolderFiles(root, found, objections);
  }

  /** Why the folder is not to be read: what in it is neither a file nor a folder. */
  public List<String> objections() {
    return List.copyOf(objections);
  }

  /** Bytes of all files. */
  public long bytes() {
    return entries.stream().mapToLong(Entry::bytes).sum();
  }

  /** Another one if a file came, went or changed. */
  String stamp() {
    MessageDigest digest = Sha256.digest();
    for (Entry entry : entries) {
      add(digest, entry);
      digest.update((entry.changed() + "\n").getBytes(StandardCharsets.UTF_8));
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /**
   * Adds the files' names and contents to a digest. Lengths stand before both, so that no other
   * folder gives the same bytes.
   *
   * @param look called again and again; ends the pass by throwing
   * @throws IOException if a file cannot be read, or is not as long as it was
   */
  public void addTo(MessageDigest digest, Runnable look) throws IOException {
    byte[] buffer = new byte[BUFFER];
    for (Entry entry : entries) {
      add(digest, entry);
      long left = entry.bytes();
      try (InputStream in = Files.newInputStream(folder.resolve(entry.name()))) {
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
          look.run();
          digest.update(buffer, 0, read);
          left -= read;
        }
      }
      if (left != 0) {
        throw new EOFException("'%s' changes while it is read".formatted(entry.name()));
      }
    }
  }

  private static void add(MessageDigest digest, Entry entry) {
    byte[] name = entry.name().getBytes(StandardCharsets.UTF_8);
    digest.update((name.length + " ").getBytes(StandardCharsets.UTF_8));
    digest.update(name);
    digest.update((" " + entry.bytes() + "\n").getBytes(StandardCharsets.UTF_8));
  }
}
