package dev.zone.datasets.registry;

import com.google.gson.JsonObject;
import dev.zone.conf.DatasetName;
import dev.zone.conf.DatasetSpec;
import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.Problems;
import dev.zone.conf.error.ZoneException;
import dev.zone.conf.yaml.Bound;
import dev.zone.conf.yaml.YamlBinder;
import dev.zone.datasets.format.Digests;
import dev.zone.datasets.record.RecordFiles;
import dev.zone.datasets.storage.Storage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/** A dataset of a registry, with its versions. */
public final class RegisteredDataset {
  static final int MOST_DESCRIPTOR_BYTES = 1 << 20;

  /**
   * Of a manifest: some 30,000 feeds of a file each, whose manifests together take 250 GB. All of a
   * larger one would not be in the memory of a command that only looks.
   */
  private static final int MOST_MANIFEST_BYTES = 16 << 20;

  private static final String VERSIONS = "versions";
  private static final int BUFFER_BYTES = 1 << 16;
  private static final long LONGEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final DatasetName name;
  private final String descriptor;
  private final Storage folder;
  private final RecordFiles records;
  private final VersionProfiles profiles;
  private final int mostManifestBytes;

  /**
   * @param name without a version
   * @param folder the dataset's
   */
  RegisteredDataset(DatasetName name, String descriptor, Storage folder) {
    this(name, descriptor, folder, MOST_MANIFEST_BYTES);
  }

  /**
   * @param mostManifestBytes of versions that are made; those that are there may have more
   */
  RegisteredDataset(DatasetName name, String descriptor, Storage folder, int mostManifestBytes) {
    this.mostManifestBytes = mostManifestBytes;
    this.name = name;
    this.descriptor = descriptor;
    this.folder = folder;
    this.records = new RecordFiles(folder);
    this.profiles = new VersionProfiles(records, new VersionSamples(folder));
  }

  /** Without a version. */
  public DatasetName name() {
    return name;
  }

  /** Its descriptor's text. */
  public String descriptor() {
    return descriptor;
  }

  /**
   * Its descriptor, which was checked when the dataset was made.
   *
   * @throws ZoneException of the environment if it is damaged
   */
  public DatasetSpec spec() {
    DatasetSpec spec = spec(descriptor, folder.place(Registry.DESCRIPTOR));
    if (!spec.name().path().equals(name.path())) {
      throw damaged(name.toString(), "it has another name");
    }
    return spec;
  }

  /**
   * A descriptor that was checked.
   *
   * @param place of it, for people
   */
  static DatasetSpec spec(String text, String place) {
    Problems problems = new Problems();
    return YamlBinder.parse(text, place, DatasetSpec.class, List.of(), problems)
        .map(Bound::value)
        .orElseThrow(() -> damaged(place, String.valueOf(problems.list().get(0))));
  }

  private static ZoneException damaged(String what, String why) {
    return ZoneException.environment(
        "Cannot use the descriptor of %s: %s (expected it as it was made)".formatted(what, why),
        null);
  }

  /** The dataset's folder. */
  public Storage folder() {
    return folder;
  }

  /** Who did what with it. */
  public DatasetLog log() {
    return new DatasetLog(this, records);
  }

  /** Who may do what with it. */
  public Grants grants() {
    return new Grants(this, records);
  }

  /** Files of which nothing was taken. */
  Refusals refusals() {
    return new Refusals(records);
  }

  /** What was written when it was made. */
  Optional<JsonObject> created() {
    return records.read(Registry.CREATED);
  }

  /** Who made it; empty if that is not known. */
  public Optional<String> owner() {
    return created()
        .filter(json -> json.has("by") && json.get("by").isJsonPrimitive())
        .map(json -> json.get("by").getAsString());
  }

  /** Numbers of all versions, in order. */
  public List<Integer> numbers() {
    return records.list(VERSIONS).stream()
        .filter(file -> file.matches("[1-9][0-9]{0,8}\\.json"))
        .map(file -> Integer.valueOf(file.substring(0, file.indexOf('.'))))
        .sorted()
        .toList();
  }

  /** The newest version; empty of a dataset that was never fed. */
  public Optional<Version> newest() {
    List<Integer> numbers = numbers();
    return numbers.isEmpty()
        ? Optional.empty()
        : Optional.of(version(numbers.get(numbers.size() - 1)));
  }

  /**
   * A version.
   *
   * @throws ZoneException of the user's if there is none of that number, of the environment if its
   *     manifest is damaged
   */
  public Version version(int number) {
    String file = VERSIONS + "/" + number + ".json";
    Optional<JsonObject> manifest = records.read(file);
    try {
      if (manifest.isPresent()) {
        return Version.of(number, descriptor, manifest.get());
      }
      if (folder.exists(file)) {
        throw new IllegalArgumentException("expected a JSON object");
      }
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw ZoneException.environment(
          "Cannot use %s@%d: its manifest %s is damaged (%s)"
              .formatted(name.path(), number, folder.place(file), e.getMessage()),
          e);
    } catch (IOException e) {
      throw cannot("read", file, e);
    }
    List<Integer> numbers = numbers();
    throw ZoneException.user(
        "Cannot find %s@%d (expected %s)"
            .formatted(
                name.path(),
                number,
                numbers.isEmpty()
                    ? "a dataset that was fed; zone dataset feed makes its first version"
                    : "a version from 1 to " + numbers.get(numbers.size() - 1)));
  }

  /**
   * The version that a name names; of a name without one the newest, if there is any.
   *
   * @throws ZoneException as {@link #version}
   */
  public Optional<Version> named(DatasetName named) {
    return named.version().isPresent()
        ? Optional.of(version(named.version().getAsInt()))
        : newest();
  }

  /** What the rows of versions are like. */
  public VersionProfiles profiles() {
    return profiles;
  }

  /**
   * Begins a feed: a folder of its own for its files, which no version names until the commit.
   *
   * @param now by which the feed's id is told apart from others by people
   */
  public FeedWriter begin(Instant now) {
    return FeedWriter.begin(folder, now);
  }

  /**
   * Makes the next version of what a feed wrote, on top of whatever the newest then is. A file
   * whose content was fed before is not fed again.
   *
   * @param by whose feed it is
   * @return the feed as the version holds it; another than the writer's if all of its files were
   *     fed before
   * @throws ZoneException of the environment if it is not known whether the version was made
   */
  public Feed commit(FeedWriter writer, String by, Instant now) {
    return commit(writer, by, now, newest -> true).orElseThrow();
  }

  /**
   * As {@link #commit(FeedWriter, String, Instant)}, as long as the newest version is one that the
   * feed can go on top of.
   *
   * @return empty if it is none: then nothing was made
   */
  Optional<Feed> commit(
      FeedWriter writer, String by, Instant now, Predicate<Optional<Version>> holds) {
    while (true) {
      Optional<Version> newest = newest();
      List<FeedWriter.Fed> left =
          writer.fed().stream()
              .filter(
                  one -> newest.flatMap(version -> version.feedOf(one.file().sha256())).isEmpty())
              .toList();
      if (left.isEmpty()) {
        return newest.flatMap(version -> version.feedOf(writer.fed().get(0).file().sha256()));
      }
      if (!holds.test(newest)) {
        return Optional.empty();
      }
      int number = newest.map(Version::number).orElse(0) + 1;
      Feed feed =
          new Feed(
              writer.id(),
              number,
              by,
              now.toString(),
              left.stream().map(FeedWriter.Fed::file).toList(),
              writer.tenant());
      List<Part> parts = left.stream().flatMap(one -> one.parts().stream()).toList();
      profiles.write(writer, newest, left);
      if (make(number, Version.after(newest, descriptor, parts, feed), writer)) {
        newest.ifPresent(profiles::outdate);
        return Optional.of(feed);
      }
      // Another was first; whoever tries at once again and again is in the way of all.
      LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(LONGEST_PAUSE_NANOS));
    }
  }

  /** Whether the version was made, rather than another of its number. */
  private boolean make(int number, Version version, FeedWriter writer) {
    byte[] manifest = RecordFiles.bytes(version.toJson());
    if (manifest.length > mostManifestBytes) {
      writer.discard(false);
      throw ZoneException.user(
          "Cannot make %s@%d: its list of files and feeds has %d bytes (expected at most %d, for every version lists all that was fed before; zone dataset export %s DIR --format csv writes it all as few files, which can be fed to a new dataset)"
              .formatted(name, number, manifest.length, mostManifestBytes, name));
    }
    try {
      return records.create(VERSIONS + "/" + number + ".json", manifest);
    } catch (ZoneException e) {
      // A storage may have done what it did not answer to.
      boolean made = numbers().contains(number) && version(number).feed().id().equals(writer.id());
      if (made) {
        return true;
      }
      throw e;
    }
  }

  /**
   * Copies a file of a version, every byte of which is compared with its digest.
   *
   * @param file has its name only when it is whole
   * @throws IOException if it cannot be copied, or is not what was written
   */
  public void copy(Part part, Path file) throws IOException {
    Path begun = file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID());
    MessageDigest digest = Digests.sha256();
    try (Storage.StoredFile stored = stored(part);
        InputStream in = new DigestInputStream(stored.bytes(), digest)) {
      Files.copy(in, begun);
      if (!HexFormat.of().formatHex(digest.digest()).equals(part.sha256())) {
        throw new IOException(folder.place(part.path()) + ": it was changed since it was written");
      }
      Files.move(begun, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(begun);
    }
  }

  private Storage.StoredFile stored(Part part) throws IOException {
    try {
      return folder.open(part.path());
    } catch (NoSuchFileException e) {
      throw new IOException(folder.place(part.path()) + ": it is not there any more", e);
    }
  }

  /**
   * Compares every byte of a version with its digests.
   *
   * @return what is wrong, a line each; none if all is well
   * @throws ZoneException of the environment if the storage does not answer
   */
  public List<String> verify(Version version) {
    List<String> wrong = new ArrayList<>();
    for (Part part : version.parts()) {
      try (Storage.StoredFile file = folder.open(part.path())) {
        Optional<String> digest = digest(file.bytes(), part.bytes());
        if (!digest.equals(Optional.of(part.sha256()))) {
          wrong.add(
              "Cannot use %s: it was changed (expected %d bytes with SHA-256 %s)"
                  .formatted(folder.place(part.path()), part.bytes(), part.sha256()));
        }
      } catch (NoSuchFileException e) {
        wrong.add(
            "Cannot find %s (expected a file of %d bytes)"
                .formatted(folder.place(part.path()), part.bytes()));
      } catch (IOException e) {
        throw cannot("read", part.path(), e);
      }
    }
    return wrong;
  }

  /** Of exactly so many bytes; empty if there are others. */
  private static Optional<String> digest(InputStream in, long bytes) throws IOException {
    MessageDigest digest = Digests.sha256();
    byte[] buffer = new byte[BUFFER_BYTES];
    long left = bytes;
    for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
      left -= read;
      if (left < 0) {
        return Optional.empty();
      }
      digest.update(buffer, 0, read);
    }
    return left == 0 ? Optional.of(HexFormat.of().formatHex(digest.digest())) : Optional.empty();
  }

  private ZoneException cannot(String verb, String file, IOException e) {
    return new ZoneException(
        ErrorKind.ENVIRONMENT,
        "Cannot %s %s (%s)".formatted(verb, folder.place(file), e.getMessage()),
        e);
  }
}
