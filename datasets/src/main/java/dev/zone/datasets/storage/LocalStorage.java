package dev.zone.datasets.storage;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.BufferedOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A folder on disk. Links below the root are refused, since they may lead out of it; the root
 * itself may be one.
 */
final class LocalStorage implements Storage {
  private final Path root;

  LocalStorage(Path root) {
    this.root = root.toAbsolutePath().normalize();
  }

  @Override
  public List<String> list(String folder) throws IOException {
    Path path = resolve(StorageName.segments(folder));
    if (attributes(path).isEmpty()) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(path)) {
      return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (java.io.UncheckedIOException e) {
      throw e.getCause();
    }
  }

  @Override
  public boolean exists(String name) throws IOException {
    return attributes(resolve(StorageName.segments(name))).isPresent();
  }

  @Override
  public boolean isFolder(String name) throws IOException {
    return attributes(resolve(StorageName.segments(name)))
        .map(BasicFileAttributes::isDirectory)
        .orElse(false);
  }

  @Override
  public StoredFile open(String name, long from) throws IOException {
    Path path = resolve(StorageName.below(name));
    BasicFileAttributes attributes =
        attributes(path).orElseThrow(() -> new NoSuchFileException(path.toString()));
    if (!attributes.isRegularFile()) {
      throw new FileSystemException(path.toString(), null, "not a file");
    }
    FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, NOFOLLOW_LINKS);
    return new StoredFile(attributes.size(), Channels.newInputStream(channel.position(from)));
  }

  @Override
  public void write(String name, Content content) throws IOException {
    Path path = resolve(StorageName.below(name));
    try (FileChannel channel =
        FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
      content.writeTo(new Unclosed(out));
      out.flush();
      channel.force(true);
    }
    // The file's entry in its folder is data of the folder.
    force(path.getParent());
  }

  @Override
  public void create(String name, byte[] content) throws IOException {
    String begun = begin(name, content);
    Path source = resolve(StorageName.below(begun));
    Path target = resolve(StorageName.below(name));
    try {
      // Unlike a rename, a second name for a file is never put in the place of another file.
      Files.createLink(target, source);
    } finally {
      Files.deleteIfExists(source);
    }
    force(target.getParent());
  }

  @Override
  public void replace(String name, byte[] content) throws IOException {
    Path source = resolve(StorageName.below(begin(name, content)));
    Path target = resolve(StorageName.below(name));
    try {
      Files.move(
          source, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      Files.deleteIfExists(source);
      throw e;
    }
  }

  /** Writes what is to become a file of that name. */
  private String begin(String name, byte[] content) throws IOException {
    StorageName.below(name);
    String begun = StorageName.beside(name, StorageName.begun(StorageName.last(name)));
    try {
      write(begun, out -> out.write(content));
      return begun;
    } catch (IOException e) {
      // Half a file helps nobody, and a full disk needs the room.
      Files.deleteIfExists(resolve(StorageName.below(begun)));
      throw e;
    }
  }

  @Override
  public void append(String name, byte[] content) throws IOException {
    Files.write(
        resolve(StorageName.below(name)),
        content,
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND,
        NOFOLLOW_LINKS);
  }

  @Override
  public void makeFolders(String folder) throws IOException {
    Path path = resolve(StorageName.segments(folder));
    List<Path> missing = new ArrayList<>();
    for (Path at = path; at != null && attributes(at).isEmpty(); at = at.getParent()) {
      missing.add(at);
    }
    Files.createDirectories(path);
    for (Path made : missing) {
      force(made.getParent());
    }
  }

  @Override
  public void rename(String from, String to) throws IOException {
    Path source = resolve(StorageName.below(from));
    Path target = resolve(StorageName.below(to));
    if (attributes(target).isPresent()) {
      throw new FileAlreadyExistsException(target.toString());
    }
    force(source);
    try {
      Files.move(source, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileSystemException e) {
      // Another came between the look and the move; the system has no error of its own for it.
      if (attributes(source).isPresent() && attributes(target).isPresent()) {
        FileAlreadyExistsException failure = new FileAlreadyExistsException(target.toString());
        failure.initCause(e);
        throw failure;
      }
      throw e;
    }
    force(target.getParent());
    if (!source.getParent().equals(target.getParent())) {
      force(source.getParent());
    }
  }

  @Override
  public void deleteTree(String name) throws IOException {
    List<String> segments = StorageName.below(name);
    Path path = resolve(segments);
    Optional<BasicFileAttributes> attributes = attributes(path);
    if (attributes.isEmpty()) {
      return;
    }
    Path doomed = path;
    String last = segments.get(segments.size() - 1);
    if (attributes.get().isDirectory() && !last.startsWith(".")) {
      // Whoever looks meanwhile must not see a half of it.
      doomed = path.resolveSibling(StorageName.doomed(last));
      Files.move(path, doomed, StandardCopyOption.ATOMIC_MOVE);
    }
    Files.walkFileTree(doomed, new Delete());
  }

  @Override
  public Instant modified(String name) throws IOException {
    Path path = resolve(StorageName.below(name));
    return attributes(path)
        .orElseThrow(() -> new NoSuchFileException(path.toString()))
        .lastModifiedTime()
        .toInstant();
  }

  @Override
  public Storage below(String folder) {
    return new LocalStorage(resolvePlainly(StorageName.below(folder)));
  }

  @Override
  public Optional<Path> mounted(String name) {
    return Optional.of(resolvePlainly(StorageName.below(name)));
  }

  @Override
  public String place(String name) {
    return resolvePlainly(StorageName.segments(name)).toString();
  }

  @Override
  public void close() {
    // Nothing is held open.
  }

  private Path resolvePlainly(List<String> segments) {
    Path path = root;
    for (String segment : segments) {
      path = path.resolve(segment);
    }
    return path;
  }

  private Path resolve(List<String> segments) throws IOException {
    Path path = root;
    for (String segment : segments) {
      path = path.resolve(segment);
      if (Files.isSymbolicLink(path)) {
        throw new FileSystemException(
            path.toString(), null, "a link, which may lead out of the storage");
      }
    }
    return path;
  }

  /** Unlike {@link Files#exists}, does not take an error for an absence. */
  private static Optional<BasicFileAttributes> attributes(Path path) throws IOException {
    try {
      return Optional.of(Files.readAttributes(path, BasicFileAttributes.class));
    } catch (NoSuchFileException | NotDirectoryException e) {
      return Optional.empty();
    } catch (FileSystemException e) {
      // Below a file there is nothing; the system tells that with an error of its own.
      for (Path at = path.getParent(); at != null; at = at.getParent()) {
        if (Files.isRegularFile(at)) {
          return Optional.empty();
        }
      }
      throw e;
    }
  }

  private static void force(Path folder) throws IOException {
    if (File.separatorChar == '\\') {
      // Windows opens no folder, and writes its entries through.
      return;
    }
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static final class Delete extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.delete(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, IOException failure) throws IOException {
      if (failure != null) {
        throw failure;
      }
      Files.delete(folder);
      return FileVisitResult.CONTINUE;
    }
  }
}
