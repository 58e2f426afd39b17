package dev.zone.datasets.registry;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.zone.conf.ColumnSpec;
import dev.zone.conf.DatasetSpec;
import dev.zone.conf.SourceSpec.FileSpec;
import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.Problems;
import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.format.DatasetFiles;
import dev.zone.datasets.format.Digests;
import dev.zone.datasets.format.Limits;
import dev.zone.datasets.format.Rejections;
import dev.zone.datasets.format.TableReader;
import dev.zone.datasets.parquet.ParquetTables;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/**
 * Feeds files to a dataset: rows that are as the descriptor says become the next version, the
 * others are set aside, each with what is wrong with it.
 */
public final class Feeding {
  private static final long MOST_REJECTED = 1_000_000;

  private final RegisteredDataset dataset;
  private final DatasetSpec descriptor;
  private final Clock clock;
  private final Set<String> timestamps = new HashSet<>();

  /**
   * @param descriptor the dataset's
   */
  public Feeding(RegisteredDataset dataset, DatasetSpec descriptor, Clock clock) {
    this.dataset = dataset;
    this.descriptor = descriptor;
    this.clock = clock;
    descriptor
        .columns()
        .forEach(
            (name, column) -> {
              if (column.type() == ColumnSpec.Type.TIMESTAMP) {
                timestamps.add(name);
              }
            });
  }

  /** What became of a feed. */
  public enum Outcome {
    /** A new version has its rows. */
    COMMITTED,
    /** All its files were fed before; the feed that did is told. */
    FED_BEFORE,
    /** It was only tried. */
    TRIED,
    /** More rows are wrong than the descriptor allows, or all are. */
    REFUSED
  }

  /**
   * What a feed came to.
   *
   * @param id of the feed's folder, where rows that were set aside are; empty if there is none
   * @param feed as the version holds it; empty if there is none
   * @param files what was read, those that were fed before left out
   * @param skipped names of files that were fed before
   * @param reasons of rows that were set aside, as often as each was the first
   */
  public record Report(
      Outcome outcome,
      Optional<String> id,
      Optional<Feed> feed,
      List<FedFile> files,
      List<String> skipped,
      Map<String, Integer> reasons) {
    public long rows() {
      return files.stream().mapToLong(FedFile::rows).sum();
    }

    public long rejected() {
      return files.stream().mapToLong(FedFile::rejected).sum();
    }
  }

  /** A file that is to be fed. */
  private record Offered(Path path, String name, String sha256, FileSpec entry) {}

  /**
   * Feeds.
   *
   * @param by whose feed it is
   * @param dry reads and checks, and writes nothing
   * @param problems receives what is wrong with files as a whole
   * @return empty if there were problems: then nothing was fed
   * @throws ZoneException of the environment if a storage fails
   */
  public Optional<Report> feed(List<Path> files, String by, boolean dry, Problems problems) {
    requireFeedable(problems);
    List<Offered> offered = offered(files, problems);
    if (!problems.isEmpty()) {
      return Optional.empty();
    }
    Optional<Version> newest = dataset.newest();
    List<Offered> left = new ArrayList<>();
    List<String> skipped = new ArrayList<>();
    for (Offered file : offered) {
      boolean before = newest.flatMap(version -> version.feedOf(file.sha256())).isPresent();
      if (before || left.stream().anyMatch(other -> other.sha256().equals(file.sha256()))) {
        skipped.add(file.name());
      } else {
        left.add(file);
      }
    }
    if (left.isEmpty()) {
      return Optional.of(
          new Report(
              Outcome.FED_BEFORE,
              Optional.empty(),
              newest.flatMap(version -> version.feedOf(offered.get(0).sha256())),
              List.of(),
              skipped,
              Map.of()));
    }
    FeedWriter writer = dry ? null : dataset.begin(clock.instant());
    boolean kept = false;
    try {
      Optional<Report> report = read(left, skipped, Optional.ofNullable(writer), problems);
      if (report.isEmpty() || dry) {
        return report;
      }
      kept = true;
      return Optional.of(end(report.get(), writer, by));
    } finally {
      if (!kept && writer != null) {
        writer.discard(false);
      }
    }
  }

  private Report end(Report read, FeedWriter writer, String by) {
    if (read.outcome() == Outcome.REFUSED) {
      writer.discard(true);
      return new Report(
          Outcome.REFUSED,
          Optional.of(writer.id()),
          Optional.empty(),
          read.files(),
          read.skipped(),
          read.reasons());
    }
    Feed feed = dataset.commit(writer, by, clock.instant());
    boolean ours = feed.id().equals(writer.id());
    if (!ours) {
      // Another fed the same at the same time.
      writer.discard(false);
    }
    return new Report(
        ours ? Outcome.COMMITTED : Outcome.FED_BEFORE,
        ours ? Optional.of(writer.id()) : Optional.empty(),
        Optional.of(feed),
        ours ? feed.files() : List.of(),
        read.skipped(),
        read.reasons());
  }

  private void requireFeedable(Problems problems) {
    if (descriptor.isGenerated()) {
      problems.add(
          "", "Cannot feed %s: its rows are generated (expected files)".formatted(dataset.name()));
    }
    descriptor
        .columns()
        .forEach(
            (name, column) ->
                column
                    .remainingLife()
                    .filter(life -> !life.atEnd().isEmpty())
                    .ifPresent(
                        life ->
                            problems.add(
                                "",
                                "Cannot feed %s: its column '%s' needs files with what is left at each unit's end (expected rows that tell all; zone run --data serves such files as they lie)"
                                    .formatted(dataset.name(), name))));
  }

  private List<Offered> offered(List<Path> files, Problems problems) {
    List<Offered> offered = new ArrayList<>();
    for (Path file : files) {
      String name = String.valueOf(file.getFileName());
      if (!Files.isRegularFile(file)) {
        problems.add("", "Cannot find the file: %s (expected a file)".formatted(file));
        continue;
      }
      Optional<FileSpec> entry = DatasetFiles.entryOf(descriptor, name);
      if (entry.isEmpty()) {
        problems.add(
            file.toString(),
            "Cannot tell which of the descriptor's files it is like (expected a name such as %s)"
                .formatted(
                    String.join(
                        ", ", descriptor.source().files().stream().map(FileSpec::path).toList())));
        continue;
      }
      try {
        offered.add(new Offered(file, name, Digests.ofFile(file), entry.get()));
      } catch (IOException e) {
        throw ZoneException.environment("Cannot read %s: %s".formatted(file, e.getMessage()), e);
      }
    }
    return offered;
  }

  private Optional<Report> read(
      List<Offered> files, List<String> skipped, Optional<FeedWriter> writer, Problems problems) {
    List<FedFile> fed = new ArrayList<>();
    Map<String, Integer> reasons = new LinkedHashMap<>();
    List<JsonObject> rejected = new ArrayList<>();
    try (Beside beside = new Beside()) {
      for (Offered file : files) {
        long[] counts = new long[2];
        admit(
            file,
            piece -> {
              Rejections rejections = piece.rejections();
              int bad = rejections.rows().size();
              int good = piece.table().rows() - bad;
              if (counts[1] == 0 && bad > 0 && !rejections.header().isEmpty()) {
                rejected.add(header(file.name(), rejections.header()));
              }
              for (Rejections.Rejected row : rejections.rows().values()) {
                reasons.merge(row.reasons().get(0), 1, Integer::sum);
                rejected.add(json(file.name(), row));
              }
              counts[0] += good;
              counts[1] += bad;
              requireFewer(counts[1]);
              if (writer.isPresent() && good > 0) {
                beside.run(() -> write(good, file, piece, writer.get()));
              }
            },
            problems);
        beside.await();
        FedFile one = new FedFile(file.name(), file.sha256(), counts[0], counts[1]);
        fed.add(one);
        writer.ifPresent(to -> to.end(one));
      }
    }
    if (!problems.isEmpty()) {
      return Optional.empty();
    }
    writer
        .filter(to -> !rejected.isEmpty())
        .ifPresent(to -> to.reject(out -> write(rejected, out)));
    long rows = fed.stream().mapToLong(FedFile::rows).sum();
    long bad = fed.stream().mapToLong(FedFile::rejected).sum();
    double share = (double) bad / Math.max(1, rows + bad);
    boolean refused = rows == 0 || share > descriptor.feed().rejectedShare();
    return Optional.of(
        new Report(
            refused ? Outcome.REFUSED : Outcome.TRIED,
            Optional.empty(),
            Optional.empty(),
            fed,
            skipped,
            reasons));
  }

  /** What is set aside is kept until the feed ends. */
  private static void requireFewer(long rejected) {
    if (rejected > MOST_REJECTED) {
      throw ZoneException.user(
          "Cannot set aside so many rows: more than %,d are wrong (expected files that are as the descriptor says)"
              .formatted(MOST_REJECTED));
    }
  }

  private void admit(Offered file, Consumer<TableReader.Admission> pieces, Problems problems) {
    FileSpec entry = file.entry();
    FileSpec only =
        new FileSpec(
            file.name(),
            entry.split(),
            entry.entries(),
            entry.name(),
            entry.index(),
            entry.values(),
            Optional.empty());
    Path folder = Optional.ofNullable(file.path().getParent()).orElse(Path.of("."));
    TableReader.admit(
        descriptor.from(descriptor.source().withFiles(List.of(only)), descriptor.columns()),
        folder,
        Limits.DEFAULT,
        pieces,
        problems);
  }

  private void write(int good, Offered file, TableReader.Admission piece, FeedWriter writer) {
    Set<Integer> bad = piece.rejections().rows().keySet();
    writer.part(
        good,
        file.entry().split(),
        "parquet",
        out -> ParquetTables.write(piece.table(), timestamps, row -> !bad.contains(row), out));
  }

  /** Writes a piece while the next one is read; one at a time, so that memory holds two. */
  private static final class Beside implements AutoCloseable {
    private final ExecutorService thread =
        Executors.newSingleThreadExecutor(
            work -> {
              Thread named = new Thread(work, "zone-feed");
              named.setDaemon(true);
              return named;
            });
    private Optional<Future<?>> last = Optional.empty();

    void run(Runnable work) {
      await();
      last = Optional.of(thread.submit(work));
    }

    /** Waits for what is at work. */
    void await() {
      if (last.isEmpty()) {
        return;
      }
      try {
        last.get().get();
      } catch (ExecutionException e) {
        if (e.getCause() instanceof RuntimeException failure) {
          throw failure;
        }
        throw new IllegalStateException("Cannot write rows", e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new ZoneException(ErrorKind.CANCELLED, "The feed was stopped", e);
      } finally {
        last = Optional.empty();
      }
    }

    @Override
    public void close() {
      try {
        await();
      } finally {
        thread.shutdown();
      }
    }
  }

  private static JsonObject header(String file, String header) {
    JsonObject json = new JsonObject();
    json.addProperty("file", file);
    json.addProperty("header", header);
    return json;
  }

  private static JsonObject json(String file, Rejections.Rejected row) {
    JsonObject json = new JsonObject();
    json.addProperty("file", file);
    json.addProperty("where", row.where());
    JsonArray reasons = new JsonArray();
    row.reasons().forEach(reasons::add);
    json.add("reasons", reasons);
    if (!row.text().isEmpty()) {
      json.addProperty("text", row.text());
    }
    return json;
  }

  private static void write(List<JsonObject> lines, OutputStream out) throws IOException {
    for (JsonObject line : lines) {
      out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    }
  }
}
