package dev.zone.datasets.format;

import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.zip.ZipEntry;

/**
 * The files of a folder, a zip or a tar, some at a time: in the order of their paths, or in that of
 * a tar, which is gone through from its start to its end.
 */
interface ImageEntries extends Closeable {
  /** A file that any thread can open. */
  interface Opening {
    InputStream open() throws IOException;
  }

  /** What stands before a file's path in messages. */
  String prefix();

  /** Paths of the files that are wanted, in the order in which {@link #next} gives them. */
  List<String> names(Predicate<String> wanted) throws IOException;

  /**
   * The next of those that {@link #names} gave, at least one and at most so many; none at the end.
   */
  Map<String, Opening> next(int most) throws IOException;

  /** A file by its path, wherever {@link #next} stands; empty if there is none. */
  Optional<InputStream> find(String path) throws IOException;

  static ImageEntries open(SourceFile file, DataFolder folder, Limits limits) throws IOException {
    Map<String, Opening> entries = new TreeMap<>();
    if (Files.isDirectory(file.path())) {
      for (String name : folder.below(file.name())) {
        String full = file.name() + "/" + name;
        entries.put(name, () -> Files.newInputStream(folder.resolve(full)));
      }
      return new Listed(file.name() + "/", entries, () -> {});
    }
    String unpacked = Packed.unpackedName(file.name());
    if (Picture.isImage(unpacked)) {
      int slash = unpacked.lastIndexOf('/') + 1;
      entries.put(unpacked.substring(slash), () -> Files.newInputStream(file.path()));
      return new Listed(file.name().substring(0, slash), entries, () -> {});
    }
    if (TarArchive.isTar(file.name())) {
      return new Tar(file, limits);
    }
    ZipArchive zip = ZipArchive.open(file.path(), limits);
    for (ZipEntry entry : zip.entries()) {
      entries.put(entry.getName(), () -> zip.open(entry));
    }
    return new Listed(file.name() + "!/", entries, zip::close);
  }

  /** Files that can be opened in any order. */
  final class Listed implements ImageEntries {
    private final String prefix;
    private final Map<String, Opening> entries;
    private final Closeable behind;
    private List<String> names = List.of();
    private int at;

    private Listed(String prefix, Map<String, Opening> entries, Closeable behind) {
      this.prefix = prefix;
      this.entries = entries;
      this.behind = behind;
    }

    @Override
    public String prefix() {
      return prefix;
    }

    @Override
    public List<String> names(Predicate<String> wanted) {
      names = entries.keySet().stream().filter(wanted).toList();
      return names;
    }

    @Override
    public Map<String, Opening> next(int most) {
      Map<String, Opening> batch = new LinkedHashMap<>();
      for (; at < names.size() && batch.size() < most; at++) {
        batch.put(names.get(at), entries.get(names.get(at)));
      }
      return batch;
    }

    @Override
    public Optional<InputStream> find(String path) throws IOException {
      Opening opening = entries.get(path);
      return opening == null ? Optional.empty() : Optional.of(opening.open());
    }

    @Override
    public void close() throws IOException {
      behind.close();
    }
  }

  /** Files of a tar, which is read once for their names and once for their bytes. */
  final class Tar implements ImageEntries {
    /** Of files that are in memory at once, if they are several. */
    private static final long MOST_BYTES = 64L << 20;

    private final SourceFile file;
    private final Limits limits;
    private final Set<String> names = new HashSet<>();
    private Optional<TarArchive> open = Optional.empty();

    private Tar(SourceFile file, Limits limits) {
      this.file = file;
      this.limits = limits;
    }

    @Override
    public String prefix() {
      return file.name() + "!/";
    }

    @Override
    public List<String> names(Predicate<String> wanted) throws IOException {
      List<String> found = new ArrayList<>();
      try (TarArchive tar = TarArchive.open(file.path(), limits)) {
        for (var entry = tar.next(); entry.isPresent(); entry = tar.next()) {
          String name = entry.get().name();
          if (wanted.test(name)) {
            found.add(name);
            if (!names.add(name)) {
              throw new FormatException(
                  "Cannot read tar: entry '%s' is there twice (expected once)"
                      .formatted(Texts.shown(name)));
            }
          }
        }
      }
      return found;
    }

    @Override
    public Map<String, Opening> next(int most) throws IOException {
      if (open.isEmpty()) {
        open = Optional.of(TarArchive.open(file.path(), limits));
      }
      TarArchive tar = open.get();
      Map<String, Opening> batch = new LinkedHashMap<>();
      long bytes = 0;
      while (batch.size() < most && bytes < MOST_BYTES) {
        Optional<TarArchive.Entry> entry = tar.next();
        if (entry.isEmpty()) {
          break;
        }
        if (names.contains(entry.get().name())) {
          batch.put(entry.get().name(), opening(tar, entry.get()));
          bytes += entry.get().bytes();
        }
      }
      return batch;
    }

    private Opening opening(TarArchive tar, TarArchive.Entry entry) throws IOException {
      int most = CodedImage.mostBytes(limits);
      if (entry.bytes() > most) {
        return () -> {
          throw CodedImage.tooLong(most);
        };
      }
      byte[] bytes = tar.content().readAllBytes();
      return () -> new ByteArrayInputStream(bytes);
    }

    @Override
    public Optional<InputStream> find(String path) throws IOException {
      TarArchive tar = TarArchive.open(file.path(), limits);
      try {
        for (var entry = tar.next(); entry.isPresent(); entry = tar.next()) {
          if (entry.get().name().equals(path)) {
            return Optional.of(
                new FilterInputStream(tar.content()) {
                  @Override
                  public void close() throws IOException {
                    tar.close();
                  }
                });
          }
        }
      } catch (IOException | RuntimeException e) {
        tar.close();
        throw e;
      }
      tar.close();
      return Optional.empty();
    }

    @Override
    public void close() throws IOException {
      if (open.isPresent()) {
        open.get().close();
      }
    }
  }
}
