package dev.zone.datasets.format;

import dev.zone.conf.ColumnSpec;
import dev.zone.conf.SourceSpec;
import dev.zone.datasets.Origins;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.zip.ZipEntry;

/** Images in folders and zips: a row each, in the order of their paths. */
final class ImagesReader {
  private static final int BATCH = 512;

  private final SourceSpec.Images spec;
  private final TableBuilder table;
  private final DataFolder folder;
  private final Limits limits;

  ImagesReader(SourceSpec.Images spec, TableBuilder table, DataFolder folder, Limits limits) {
    this.spec = spec;
    this.table = table;
    this.folder = folder;
    this.limits = limits;
  }

  private interface Opening {
    InputStream open() throws IOException;
  }

  /** Files of a folder or zip by path. */
  private record Source(SourceFile file, String prefix, Map<String, Opening> entries) {}

  void read(SourceFile file) throws IOException {
    Map<String, Opening> entries = new TreeMap<>();
    if (Files.isDirectory(file.path())) {
      for (String name : folder.below(file.name())) {
        String full = file.name() + "/" + name;
        entries.put(name, () -> Files.newInputStream(folder.resolve(full)));
      }
      read(new Source(file, file.name() + "/", entries));
    } else if (Picture.isImage(file.name())) {
      int slash = file.name().lastIndexOf('/') + 1;
      entries.put(file.name().substring(slash), () -> Files.newInputStream(file.path()));
      read(new Source(file, file.name().substring(0, slash), entries));
    } else {
      try (ZipArchive zip = ZipArchive.open(file.path(), limits)) {
        for (ZipEntry entry : zip.entries()) {
          entries.put(entry.getName(), () -> zip.open(entry));
        }
        read(new Source(file, file.name() + "!/", entries));
      }
    }
  }

  private void read(Source source) throws IOException {
    Entries taken = new Entries(source.file().spec());
    List<String> names =
        source.entries().keySet().stream()
            .filter(name -> Picture.isImage(name) && taken.takes(name))
            .toList();
    if (names.isEmpty()) {
      throw new FormatException(
          "Cannot find any image (expected entries '%s')"
              .formatted(source.file().spec().entries().orElse("**")));
    }
    Optional<ImageIndex> index = index(source);
    table.begin(
        new Origins.Source(
            source.prefix(), Origins.Kind.ENTRY, source.file().spec().split(), names));
    List<String> given = new ArrayList<>(List.of(spec.column()));
    given.addAll(source.file().spec().values().keySet());
    given.addAll(taken.groups());
    index.ifPresent(each -> given.addAll(each.columns()));
    List<String> absent =
        table.optional().stream().filter(column -> !given.contains(column)).toList();
    given.addAll(absent);
    if (!table.checkComplete(source.file().name(), given)) {
      return;
    }
    if (!(table.builder(spec.column()).orElse(null) instanceof TensorBuilder tensor)) {
      throw new FormatException(
          "Cannot put images into column '%s' (expected a column of type tensor)"
              .formatted(spec.column()));
    }
    Map<String, ColumnBuilder> builders = new LinkedHashMap<>();
    for (String column : given) {
      if (!column.equals(spec.column())) {
        table.builder(column).ifPresent(builder -> builders.put(column, builder));
      }
    }
    Columns columns = new Columns(source, taken, index, builders, absent);
    for (int from = 0; from < names.size(); from += BATCH) {
      add(from, names.subList(from, Math.min(names.size(), from + BATCH)), columns, tensor);
    }
  }

  /** Where the columns besides the pixels come from. */
  private record Columns(
      Source source,
      Entries taken,
      Optional<ImageIndex> index,
      Map<String, ColumnBuilder> builders,
      List<String> absent) {}

  /** Unpacks images by two threads, then adds them in order. */
  private void add(int first, List<String> names, Columns columns, TensorBuilder tensor) {
    List<Unpacked> unpacked = new ArrayList<>(names.size());
    int middle = names.size() / 2;
    CompletableFuture<List<Unpacked>> half =
        CompletableFuture.supplyAsync(() -> unpack(columns.source(), names.subList(0, middle)));
    List<Unpacked> others = unpack(columns.source(), names.subList(middle, names.size()));
    unpacked.addAll(half.join());
    unpacked.addAll(others);
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      Unpacked image = unpacked.get(i);
      table.at(first + i);
      Faults.gather(
          table.where(),
          table.problems(),
          () -> {
            Map<String, String> values =
                values(columns.source(), columns.taken(), columns.index(), name);
            add(image.picture(), tensor);
            columns
                .builders()
                .forEach(
                    (column, builder) -> {
                      if (columns.absent().contains(column)) {
                        builder.skip();
                      } else {
                        builder.text(values.get(column));
                      }
                    });
            table.endRow();
          });
    }
  }

  /** An image, or what went wrong with it. */
  private record Unpacked(Optional<Picture> found, Optional<IOException> failed, String fault) {
    Picture picture() throws IOException {
      if (failed.isPresent()) {
        throw failed.get();
      }
      return found.orElseThrow(() -> new FormatException(fault));
    }
  }

  private List<Unpacked> unpack(Source source, List<String> names) {
    List<Unpacked> unpacked = new ArrayList<>(names.size());
    for (String name : names) {
      try {
        unpacked.add(new Unpacked(Optional.of(read(source, name)), Optional.empty(), ""));
      } catch (FormatException e) {
        unpacked.add(new Unpacked(Optional.empty(), Optional.empty(), e.getMessage()));
      } catch (IOException e) {
        unpacked.add(new Unpacked(Optional.empty(), Optional.of(e), ""));
      }
    }
    return unpacked;
  }

  private Optional<ImageIndex> index(Source source) throws IOException {
    Optional<SourceSpec.IndexSpec> wanted = source.file().spec().index();
    if (wanted.isEmpty()) {
      return Optional.empty();
    }
    Opening opening = source.entries().get(wanted.get().entry());
    if (opening == null) {
      throw new FormatException("Cannot find index '%s'".formatted(wanted.get().entry()));
    }
    try (InputStream in = opening.open()) {
      return Optional.of(ImageIndex.read(wanted.get(), in, limits));
    }
  }

  private static Map<String, String> values(
      Source source, Entries taken, Optional<ImageIndex> index, String name) {
    Map<String, String> values = new LinkedHashMap<>(source.file().spec().values());
    values.putAll(taken.values(name));
    if (index.isPresent()) {
      String[] found =
          index
              .get()
              .values(name)
              .orElseThrow(
                  () ->
                      new FormatException(
                          "Cannot find image in index: '%s' (expected a row for each image)"
                              .formatted(Texts.shown(name))));
      List<String> columns = index.get().columns();
      for (int i = 0; i < found.length; i++) {
        values.put(columns.get(i), found[i]);
      }
    }
    return values;
  }

  private Picture read(Source source, String name) throws IOException {
    try (InputStream in = new BufferedInputStream(source.entries().get(name).open(), 1 << 13)) {
      return Picture.read(name, in, limits);
    }
  }

  private void add(Picture picture, TensorBuilder tensor) {
    ColumnSpec column = tensor.spec();
    List<Integer> expected = column.shape().orElseThrow();
    List<Integer> actual =
        expected.size() == 2 && picture.channels() == 1
            ? List.of(picture.height(), picture.width())
            : List.of(picture.height(), picture.width(), picture.channels());
    if (!actual.equals(expected)) {
      throw new FormatException(
          "Cannot use image of shape %s (expected %s as the dataset declares)"
              .formatted(actual, expected));
    }
    tensor.row(picture.pixels(), 0);
  }
}
