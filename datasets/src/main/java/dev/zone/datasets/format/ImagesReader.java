package dev.zone.datasets.format;

import dev.zone.conf.SourceSpec;
import dev.zone.datasets.Origins;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.zip.ZipException;

/** Images in folders, zips and tars: a row each, in the order of their paths or of the tar. */
final class ImagesReader {
  private static final int BATCH = 512;

  /** Of the pixels of a batch, if it is more than one image. */
  private static final long BATCH_BYTES = 64L << 20;

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

  /** Files of a folder, zip or tar. */
  private record Source(SourceFile file, ImageEntries entries) {}

  void read(SourceFile file) throws IOException {
    try (ImageEntries entries = ImageEntries.open(file, folder, limits)) {
      read(new Source(file, entries));
    }
  }

  private void read(Source source) throws IOException {
    Entries taken = new Entries(source.file().spec());
    List<String> names = source.entries().names(name -> Picture.isImage(name) && taken.takes(name));
    if (names.isEmpty()) {
      throw new FormatException(
          "Cannot find any image (expected entries '%s')"
              .formatted(source.file().spec().entries().orElse("**")));
    }
    Optional<ImageIndex> index = index(source);
    table.begin(
        new Origins.Source(
            source.entries().prefix(), Origins.Kind.ENTRY, source.file().spec().split(), names));
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
    Columns columns = columns(source, taken, index, given, absent);
    int most = (int) Math.max(1, Math.min(BATCH, BATCH_BYTES / columns.tensor().elements()));
    int from = 0;
    for (Map<String, ImageEntries.Opening> batch = source.entries().next(most);
        !batch.isEmpty();
        batch = source.entries().next(most)) {
      add(from, batch, columns);
      from += batch.size();
      if (table.isPiece()) {
        table.endPiece();
        columns = columns(source, taken, index, given, absent);
      }
    }
    if (from != names.size()) {
      throw new FormatException(
          "Cannot read images: %d of %d are there (expected a file that does not change)"
              .formatted(from, names.size()));
    }
  }

  /** Where the columns come from, and where they go. */
  private record Columns(
      Source source,
      Entries taken,
      Optional<ImageIndex> index,
      TensorBuilder tensor,
      Map<String, ColumnBuilder> builders,
      List<String> absent) {}

  private Columns columns(
      Source source,
      Entries taken,
      Optional<ImageIndex> index,
      List<String> given,
      List<String> absent) {
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
    return new Columns(source, taken, index, tensor, builders, absent);
  }

  /** Unpacks images by two threads, then adds them in order. */
  private void add(int first, Map<String, ImageEntries.Opening> batch, Columns columns) {
    TensorBuilder tensor = columns.tensor();
    List<String> names = List.copyOf(batch.keySet());
    List<Unpacked> unpacked = new ArrayList<>(names.size());
    int middle = names.size() / 2;
    CompletableFuture<List<Unpacked>> half =
        CompletableFuture.supplyAsync(() -> unpack(batch, names.subList(0, middle), tensor));
    List<Unpacked> others = unpack(batch, names.subList(middle, names.size()), tensor);
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
            try {
              put(name, image.picture(), columns);
            } catch (FormatException | EOFException | ZipException e) {
              if (table.faults().rejections().isEmpty()) {
                throw e;
              }
              setAside(e, columns);
            }
            table.endRow();
          });
    }
  }

  private void put(String name, Picture picture, Columns columns) {
    Map<String, String> values = values(columns.source(), columns.taken(), columns.index(), name);
    columns.tensor().row(picture.pixels(), 0);
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
  }

  /** Of an image that cannot be used: one wrong row, where such are set aside. */
  private void setAside(Exception fault, Columns columns) {
    String message =
        fault instanceof FormatException
            ? fault.getMessage()
            : "Cannot read image: %s (expected a complete file)".formatted(fault.getMessage());
    table.faults().add(table.rows(), "wrong image", table::where, () -> message);
    List<ColumnBuilder> all = new ArrayList<>(columns.builders().values());
    all.add(columns.tensor());
    for (ColumnBuilder builder : all) {
      if (builder.size() == table.rows()) {
        builder.skip();
      }
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

  private List<Unpacked> unpack(
      Map<String, ImageEntries.Opening> batch, List<String> names, TensorBuilder tensor) {
    List<Unpacked> unpacked = new ArrayList<>(names.size());
    for (String name : names) {
      try {
        unpacked.add(
            new Unpacked(Optional.of(read(name, batch.get(name), tensor)), Optional.empty(), ""));
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
    Optional<InputStream> found = source.entries().find(wanted.get().entry());
    if (found.isEmpty()) {
      throw new FormatException("Cannot find index '%s'".formatted(wanted.get().entry()));
    }
    try (InputStream in = found.get()) {
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

  private Picture read(String name, ImageEntries.Opening opening, TensorBuilder tensor)
      throws IOException {
    try (InputStream in = new BufferedInputStream(opening.open(), 1 << 13)) {
      Picture picture = Picture.read(name, in, channels(tensor), limits);
      // Here, so that no more of it is kept than the column has room for.
      checkShape(picture, tensor);
      return picture;
    }
  }

  private static int channels(TensorBuilder tensor) {
    List<Integer> shape = tensor.spec().shape().orElseThrow();
    return shape.size() == 3 ? shape.get(2) : 1;
  }

  private static void checkShape(Picture picture, TensorBuilder tensor) {
    List<Integer> expected = tensor.spec().shape().orElseThrow();
    List<Integer> actual =
        expected.size() == 2 && picture.channels() == 1
            ? List.of(picture.height(), picture.width())
            : List.of(picture.height(), picture.width(), picture.channels());
    if (!actual.equals(expected)) {
      throw new FormatException(
          "Cannot use image of shape %s (expected %s as the dataset declares)"
              .formatted(actual, expected));
    }
  }
}
