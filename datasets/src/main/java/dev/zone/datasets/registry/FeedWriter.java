package dev.zone.datasets.registry;

import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.format.Digests;
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
import java.util.UUID;

/** Writes what comes of a feed. Not safe for several threads. */
public final class FeedWriter {
  private static final String FEEDS = "feeds";
  private static final String REJECTED = "rejected.jsonl";
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);
  private static final int RANDOM_CHARACTERS = 8;

  private final Storage dataset;
  private final String id;
  private final List<Part> parts = new ArrayList<>();

  private FeedWriter(Storage dataset, String id) {
    this.dataset = dataset;
    this.id = id;
  }

  static FeedWriter begin(Storage dataset, Instant now) {
    String id =
        STAMP.format(now) + "-" + UUID.randomUUID().toString().substring(0, RANDOM_CHARACTERS);
    try {
      dataset.makeFolders(FEEDS + "/" + id + "/data");
      return new FeedWriter(dataset, id);
    } catch (IOException e) {
      throw ZoneException.environment(
          "Cannot begin a feed at %s (%s)".formatted(dataset.place(FEEDS), e.getMessage()), e);
    }
  }

  /** Name of its folder. */
  public String id() {
    return id;
  }

  /** What was written, in order. */
  List<Part> parts() {
    return List.copyOf(parts);
  }

  /**
   * Writes a file of the version that is to be.
   *
   * @param extension of its name
   * @throws ZoneException of the environment if it cannot be written
   */
  public void add(String extension, long rows, Storage.Content content) {
    String path = FEEDS + "/" + id + "/data/" + parts.size() + "." + extension;
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
    parts.add(new Part(path, rows, bytes[0], HexFormat.of().formatHex(digest.digest())));
  }

  /** Writes the rows that were set aside, an object a line. */
  public void reject(Storage.Content lines) {
    write(FEEDS + "/" + id + "/" + REJECTED, lines);
  }

  /** Removes what was written, of a feed that is not to be committed. */
  public void discard() {
    try {
      dataset.deleteTree(FEEDS + "/" + id);
    } catch (IOException e) {
      throw ZoneException.environment(
          "Cannot remove %s (%s)".formatted(dataset.place(FEEDS + "/" + id), e.getMessage()), e);
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
