package dev.zone.datasets.registry;

import dev.zone.conf.DatasetSpec;
import dev.zone.conf.SplitSpec.Split;
import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.admission.RowSample;
import dev.zone.datasets.format.Digests;
import dev.zone.datasets.profile.Profile;
import dev.zone.datasets.storage.Storage;
import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/** Writes what comes of a feed; parts may be written by several threads. */
public final class FeedWriter {
  /** Folder of all feeds, each with one of its own. */
  static final String FEEDS = "feeds";

  /** Of a feed: rows that were set aside. */
  static final String REJECTED = "rejected.jsonl";

  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);
  private static final int RANDOM_CHARACTERS = 8;

  private final Storage dataset;
  private final String id;

  /** Begins the names of all that it writes; empty of the feed's own. */
  private final String prefix;

  private final List<Fed> fed = new ArrayList<>();
  private final AtomicInteger numbers = new AtomicInteger();
  private Optional<String> tenant = Optional.empty();
  private Optional<Sampled> sampled = Optional.empty();

  /** A file that was fed, what came of it, and what its rows are like. */
  record Fed(FedFile file, List<Part> parts, Optional<Profile> profile) {
    /** With what came of the same file, as another entry of the descriptor reads it. */
    Fed and(FedFile other, List<Part> more, Profile its) {
      List<Part> all = new ArrayList<>(parts);
      all.addAll(more);
      Profile joined = new Profile();
      profile.ifPresent(joined::add);
      joined.add(its);
      return new Fed(file.and(other), List.copyOf(all), Optional.of(joined));
    }
  }

  /** Some of the rows that were written, and what their columns are. */
  record Sampled(RowSample rows, DatasetSpec descriptor) {}

  private FeedWriter(Storage dataset, String id, String prefix) {
    this.dataset = dataset;
    this.id = id;
    this.prefix = prefix;
  }

  /** Writes a part of what a feed writes, under names that no other writer has. */
  static FeedWriter ofPart(Storage dataset, String id) {
    return new FeedWriter(
        dataset, id, UUID.randomUUID().toString().substring(0, RANDOM_CHARACTERS) + "-");
  }

  static FeedWriter begin(Storage dataset, Instant now) {
    String id =
        STAMP.format(now) + "-" + UUID.randomUUID().toString().substring(0, RANDOM_CHARACTERS);
    try {
      dataset.requireCreation();
      dataset.makeFolders(FEEDS + "/" + id + "/data");
      return new FeedWriter(dataset, id, "");
    } catch (IOException e) {
      throw ZoneException.environment(
          "Cannot begin a feed at %s (%s)".formatted(dataset.place(FEEDS), e.getMessage()), e);
    }
  }

  /** Name of its folder. */
  public String id() {
    return id;
  }

  /** Says whose feed it is. */
  void of(Optional<String> whose) {
    tenant = whose;
  }

  /** Whose feed it is; empty if that was not said. */
  Optional<String> tenant() {
    return tenant;
  }

  /** Says some of what was written. */
  void sample(RowSample rows, DatasetSpec descriptor) {
    sampled = Optional.of(new Sampled(rows, descriptor));
  }

  /** Some of what was written; empty if that was not said. */
  Optional<Sampled> sampled() {
    return sampled;
  }

  /** What was written, in order. */
  List<Fed> fed() {
    return List.copyOf(fed);
  }

  /** The number of the next part, from 0. */
  int nextNumber() {
    return numbers.getAndIncrement();
  }

  /**
   * Writes some of the rows that came of a file.
   *
   * @param number of the part, one of its own
   * @param split that all of them belong to, if the descriptor says so of the file
   * @param extension of the name of what is written
   * @throws ZoneException of the environment if they cannot be written
   */
  public Part part(
      int number, long rows, Optional<Split> split, String extension, Storage.Content content) {
    String path = data() + "/" + prefix + number + "." + extension;
    MessageDigest digest = Digests.sha256();
    long[] bytes = new long[1];
    write(
        path,
        out ->
            content.writeTo(
                new OutputStream() {
                  @Override
                  public void write(int one) throws IOException {
                    out.write(one);
                    digest.update((byte) one);
                    bytes[0]++;
                  }

                  @Override
                  public void write(byte[] some, int from, int length) throws IOException {
                    out.write(some, from, length);
                    digest.update(some, from, length);
                    bytes[0] += length;
                  }
                }));
    String sha256 = HexFormat.of().formatHex(digest.digest());
    return new Part(path, rows, bytes[0], sha256, split);
  }

  /**
   * Says what came of a file.
   *
   * @param parts in the order of their rows
   */
  public void end(FedFile file, List<Part> parts) {
    fed.add(new Fed(file, List.copyOf(parts), Optional.empty()));
  }

  /**
   * Says what came of a file. Of one that was the last before, which another entry of the
   * descriptor reads too, it is more of the same.
   *
   * @param parts in the order of their rows
   * @param profile of the rows
   */
  void end(FedFile file, List<Part> parts, Profile profile) {
    int last = fed.size() - 1;
    if (last >= 0 && fed.get(last).file().sha256().equals(file.sha256())) {
      fed.set(last, fed.get(last).and(file, parts, profile));
      return;
    }
    fed.add(new Fed(file, List.copyOf(parts), Optional.of(profile)));
  }

  /** Writes the rows that were set aside, an object a line. */
  public void reject(Storage.Content lines) {
    write(rejected(), lines);
  }

  /** Where rows that were set aside are: of a part of a feed among what is removed. */
  String rejected() {
    return prefix.isEmpty() ? FEEDS + "/" + id + "/" + REJECTED : data() + "/" + prefix + REJECTED;
  }

  private String data() {
    return FEEDS + "/" + id + "/data";
  }

  /** Whether the feed's folder can be reached from here. */
  boolean isReached() throws IOException {
    return dataset.isFolder(data());
  }

  /** Removes what was written and is none of these parts: of tasks that were done again. */
  void keepOnly(Set<String> paths) {
    try {
      for (String name : dataset.list(data())) {
        if (!paths.contains(data() + "/" + name)) {
          dataset.deleteTree(data() + "/" + name);
        }
      }
    } catch (IOException e) {
      throw ZoneException.environment(
          "Cannot remove what is left over in %s (%s)"
              .formatted(dataset.place(data()), e.getMessage()),
          e);
    }
  }

  /**
   * Removes the rows that were written, of a feed that is not to be committed.
   *
   * @param rejected whether the rows that were set aside stay
   */
  public void discard(boolean rejected) {
    String folder = FEEDS + "/" + id + (rejected ? "/data" : "");
    try {
      dataset.deleteTree(folder);
    } catch (IOException e) {
      throw ZoneException.environment(
          "Cannot remove %s (%s)".formatted(dataset.place(folder), e.getMessage()), e);
    }
  }

  private void write(String path, Storage.Content content) {
    try {
      dataset.write(path, content);
    } catch (IOException e) {
      throw ZoneException.environment(
          "Cannot write %s (%s)".formatted(dataset.place(path), e.getMessage()), e);
    }
  }
}
