package dev.zone.datasets.registry;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.zone.conf.SplitSpec.Split;
import dev.zone.conf.error.Problems;
import dev.zone.datasets.Table;
import dev.zone.datasets.admission.RowFindings;
import dev.zone.datasets.admission.RowSample;
import dev.zone.datasets.format.Pieces;
import dev.zone.datasets.format.Rejections;
import dev.zone.datasets.parquet.ParquetTables;
import dev.zone.datasets.profile.Profile;
import dev.zone.datasets.profile.RowHashes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import java.util.function.Supplier;

/** What comes of one file: pieces of its good rows are written, the others are set aside. */
final class FileFeed implements Pieces {
  /** So many rows are kept with their reasons; those beyond are counted. */
  static final long MOST_REJECTED = 1_000_000;

  /**
   * Of the line that stands before a file's rows that are set aside, and before those of others.
   */
  static final String HEADER = "header";

  /** Of a row as it was written: longer ones are not mended by hand. */
  private static final int MOST_TEXT = 1 << 20;

  private final Origin file;
  private final FeedColumns columns;
  private final Set<String> timestamps;
  private final Optional<FeedWriter> writer;
  private final Consumer<JsonObject> rejected;
  private final Reasons reasons = Reasons.ofFile();
  private final Consumer<Piece> checks;
  private final RowSample sample;

  /** Guards what several pieces add to. */
  private final Object lock = new Object();

  private final SortedMap<Integer, Part> parts = new TreeMap<>();
  private final Map<Integer, Integer> numbers = new LinkedHashMap<>();

  /** Of the rows that were right; empty before the first. */
  private Optional<Profile> profile = Optional.empty();

  /** Of pieces whose turn to be added has not come. */
  private final Map<Integer, Summary> waiting = new HashMap<>();

  private int added;
  private long rows;
  private long bad;

  /** Rows that were set aside and are kept. */
  private long kept;

  /** The line that names the columns, of the first piece with wrong rows. */
  private String header = "";

  /** That of the last piece with wrong rows: texts of an archive may have others. */
  private String lastHeader = "";

  /** What a piece's rows are like. */
  private record Summary(Profile profile, RowSample sample) {}

  /**
   * @param name of the file, without its folder
   * @param sha256 asked for when all rows were read
   * @param split that all its rows belong to, if the descriptor says so
   * @param lives columns that its rows are written with
   */
  record Origin(String name, Supplier<String> sha256, Optional<Split> split, FileLives lives) {}

  /** Takes lines that another wrote. */
  interface Aside {
    /**
     * @param path where they are
     * @param most how many of them are wanted, from the first
     */
    void take(String path, long most);
  }

  /**
   * @param columns of the dataset, which the file is to have
   * @param checks set rows aside for what stands in others; called in order
   * @param sample of the rows of all files of the feed
   * @param writer of the feed; empty if nothing is to be written
   * @param rejected takes the rows that are set aside, in order, as {@code rejected.jsonl} has them
   */
  FileFeed(
      Origin file,
      FeedColumns columns,
      Consumer<Piece> checks,
      RowSample sample,
      Optional<FeedWriter> writer,
      Consumer<JsonObject> rejected) {
    this.file = file;
    this.columns = columns;
    this.timestamps = columns.descriptor().timestamps();
    this.checks = checks;
    this.sample = sample;
    this.writer = writer;
    this.rejected = rejected;
  }

  @Override
  public void inOrder(Piece piece) {
    columns.require(piece.table());
    checks.accept(piece);
    piece.complete();
    Rejections rejections = piece.rejections();
    int wrong = rejections.rows().size();
    begin(wrong, rejections.header());
    for (Rejections.Rejected row : rejections.rows().values()) {
      reasons.add(row.reasons().get(0));
      if (kept < MOST_REJECTED) {
        kept++;
        rejected.accept(json(file.name(), row));
      }
    }
    count(piece.table().rows() - wrong, wrong);
    if (wrong < piece.table().rows()) {
      writer.ifPresent(
          to -> {
            synchronized (lock) {
              numbers.put(piece.index(), to.nextNumber());
            }
          });
    }
  }

  private void begin(long wrong, String named) {
    if (wrong > 0 && kept < MOST_REJECTED && !named.isEmpty() && !named.equals(lastHeader)) {
      header = header.isEmpty() ? named : header;
      lastHeader = named;
      rejected.accept(header(file.name(), named));
    }
  }

  private void count(long right, long wrong) {
    rows += right;
    bad += wrong;
  }

  @Override
  public void take(Piece piece) {
    Table table = columns.ordered(piece.table());
    Set<Integer> wrong = piece.rejections().rows().keySet();
    IntPredicate right = wrong.isEmpty() ? row -> true : row -> !wrong.contains(row);
    long[] hashes =
        RowHashes.of(
            RowFindings.inputs(columns.descriptor(), table.columns()), timestamps, table.rows());
    Profile of = Profile.of(table, hashes, right);
    RowSample some = new RowSample(largest());
    some.add(table, hashes, right);
    Integer number;
    synchronized (lock) {
      waiting.put(piece.index(), new Summary(of, some));
      for (Summary next = waiting.remove(added); next != null; next = waiting.remove(added)) {
        add(next);
        added++;
      }
      number = numbers.remove(piece.index());
    }
    if (number != null) {
      Part part =
          writer
              .orElseThrow()
              .part(
                  number,
                  table.rows() - wrong.size(),
                  file.split(),
                  "parquet",
                  out -> ParquetTables.write(file.lives().add(table), timestamps, right, out));
      synchronized (lock) {
        parts.put(piece.index(), part);
      }
    }
    piece.done();
  }

  private long largest() {
    synchronized (lock) {
      return sample.largest();
    }
  }

  /** Called in the order of the pieces: sums of doubles and whose values stay depend on it. */
  private void add(Summary next) {
    sample.add(next.sample());
    if (profile.isEmpty()) {
      profile = Optional.of(next.profile());
    } else {
      profile.get().add(next.profile());
    }
  }

  /**
   * Adds what came of the next pieces, which were read elsewhere.
   *
   * @param aside takes the lines of their rows that were set aside
   */
  void add(PieceOutcome outcome, Aside aside) {
    begin(outcome.bad(), outcome.header());
    reasons.add(outcome.reasons());
    long room = MOST_REJECTED - kept;
    long more = Math.min(outcome.bad(), MOST_REJECTED);
    if (room > 0 && outcome.aside().isPresent()) {
      aside.take(outcome.aside().get(), more > room ? room : Long.MAX_VALUE);
    }
    kept += Math.min(room, more);
    count(outcome.rows(), outcome.bad());
    for (Part part : outcome.parts()) {
      parts.put(parts.size(), part);
    }
    outcome.profile().ifPresent(its -> add(new Summary(its, outcome.sample())));
  }

  /**
   * What came of the pieces so far, to be added to their file's.
   *
   * @param records that were read, good and bad
   * @param aside where rows were written that were set aside, if any were
   * @param problems what is wrong with the file
   */
  PieceOutcome outcome(long records, Optional<String> aside, Problems problems) {
    return new PieceOutcome(
        records,
        rows,
        bad,
        header,
        aside.filter(path -> bad > 0),
        new ArrayList<>(parts.values()),
        reasons,
        profile,
        sample,
        problems.list(),
        Optional.empty());
  }

  /** After all pieces: what was fed. */
  FedFile end() {
    FedFile fed = new FedFile(file.name(), file.sha256().get(), rows, bad);
    profile.ifPresent(its -> file.split().ifPresent(its::assign));
    writer.ifPresent(to -> to.end(fed, new ArrayList<>(parts.values()), profile()));
    return fed;
  }

  /** What the rows are like that were right. */
  Profile profile() {
    return profile.orElseGet(Profile::new);
  }

  /** Rows so far, the wrong ones too. */
  long read() {
    return rows + bad;
  }

  /** Places of what was written. */
  List<String> paths() {
    return parts.values().stream().map(Part::path).toList();
  }

  /** Of rows that were set aside, as often as each was the first. */
  Reasons reasons() {
    return reasons;
  }

  private static JsonObject header(String file, String header) {
    JsonObject json = new JsonObject();
    json.addProperty("file", file);
    json.addProperty(HEADER, header);
    return json;
  }

  private static JsonObject json(String file, Rejections.Rejected row) {
    JsonObject json = new JsonObject();
    json.addProperty("file", file);
    json.addProperty("where", row.where());
    JsonArray all = new JsonArray();
    row.reasons().forEach(all::add);
    json.add("reasons", all);
    if (!row.text().isEmpty() && row.text().length() <= MOST_TEXT) {
      json.addProperty("text", row.text());
    }
    return json;
  }
}
