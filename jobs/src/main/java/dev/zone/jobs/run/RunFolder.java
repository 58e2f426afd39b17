package dev.zone.jobs.run;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.zone.conf.RunState;
import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.record.StateLog;
import dev.zone.datasets.storage.Storage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * The files of a run, on a file system that this machine has mounted. A file is replaced as a whole
 * or appended a line at a time, so a reader never sees half of one. Until the run is admitted the
 * folder is hidden ({@code .starting-<id>}); {@link #admit} gives it its name.
 *
 * <p>Of a run whose record is elsewhere, {@link DistantRunFolder} keeps it there.
 */
public class RunFolder {
  private static final String HIDDEN = ".starting-";
  private static final Gson PRETTY =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

  /** Files that this object has appended to. */
  private final Set<String> appended = ConcurrentHashMap.newKeySet();

  private Path path;

  /** The state that this object told last; null before the first. */
  private volatile RunState told;

  public RunFolder(Path path) {
    this.path = path.toAbsolutePath().normalize();
  }

  /** The folder on this machine that the run is worked on in. */
  public synchronized Path path() {
    return path;
  }

  /** Where the record is, as whoever else works on the run is told: a path or a URI. */
  public String place() {
    return path().toString();
  }

  /** Where the record is. */
  public Storage storage() {
    return Storage.local(path());
  }

  /** Whether the record is in the folder itself. */
  public boolean isMounted() {
    return true;
  }

  /** Makes a file that was written below {@link #path} one of the record. */
  public void publish(String name) {
    // It is there.
  }

  /** Makes sure that the record has all that was written, as far as it can be. */
  public void flush() {
    // It has.
  }

  /** Brings one of the record's files below {@link #path}. */
  public void fetch(String name) {
    // It is there.
  }

  public Path resolve(String name) {
    return path().resolve(name);
  }

  /**
   * Makes the folder visible under the run's id, once all is checked that can be known before
   * training.
   *
   * @throws ZoneException (environment) if the folder cannot be renamed
   */
  public synchronized void admit() {
    String name = path.getFileName().toString();
    if (!name.startsWith(HIDDEN)) {
      return;
    }
    Path place = path.resolveSibling(name.substring(HIDDEN.length()));
    try {
      Files.move(path, place, StandardCopyOption.ATOMIC_MOVE);
      path = place;
    } catch (IOException e) {
      throw ZoneException.environment(
          "Cannot make the run's folder: " + place + " (" + e.getMessage() + ")", e);
    }
  }

  /** Removes the folder if it is still hidden: nobody else will. */
  public synchronized void discardUnlessAdmitted() {
    if (!path.getFileName().toString().startsWith(HIDDEN)) {
      return;
    }
    try (Stream<Path> files = Files.walk(path)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw ZoneException.environment("Cannot remove folder: " + path, e);
    }
  }

  /**
   * Begins: the run is STARTING, as the launcher may have said already.
   *
   * @throws ZoneException (environment) if that cannot be written
   */
  public void begin() {
    Optional<StateLog.Entry> newest = states().newest();
    if (newest.isEmpty() || newest.get().state() != RunState.STARTING) {
      states().advance(RunState.STARTING, "the application is there", Instant.now());
    }
    told = RunState.STARTING;
  }

  /**
   * Moves the run on.
   *
   * @throws ZoneException (environment) if that cannot be written
   */
  public void state(RunState state, String message) {
    if (state.isFinal()) {
      // Who sees the end sees all that was before it.
      flush();
    }
    states().advance(state, message, Instant.now());
    told = state;
    event(state.name().toLowerCase(java.util.Locale.ROOT), message);
  }

  /** Takes the run back to where it is, if somebody thought that nobody is at work on it. */
  public void contradictLoss() {
    RunState own = told;
    Optional<StateLog.Entry> newest = states().newest();
    if (own != null && newest.isPresent() && newest.get().state() == RunState.LOST) {
      states().move(newest, own, "it was not lost", Instant.now());
    }
  }

  private StateLog states() {
    return new StateLog(storage());
  }

  public void event(String event, String message) {
    JsonObject json = new JsonObject();
    json.addProperty("time", Instant.now().toString());
    json.addProperty("event", event);
    json.addProperty("message", message);
    append("events.jsonl", json);
  }

  /** Leaves the failure for whoever started the run. */
  public void error(ZoneException failure) {
    StringWriter trace = new StringWriter();
    failure.printStackTrace(new PrintWriter(trace, true));
    JsonObject json = new JsonObject();
    json.addProperty("kind", failure.kind().name());
    json.addProperty("message", failure.getMessage());
    json.addProperty("trace", trace.toString());
    replace("error.json", json);
  }

  /** Replaces a file by a JSON document, atomically. */
  public void replace(String name, JsonElement json) {
    replace(name, PRETTY.toJson(json) + "\n");
  }

  /** Replaces a file by a text, atomically. */
  public void replace(String name, String text) {
    Path file = resolve(name);
    Path hidden = file.resolveSibling("." + file.getFileName() + ".writing");
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(hidden, text);
      Files.move(hidden, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      // Half a file helps nobody, and a full disk needs the room for the error that follows.
      hidden.toFile().delete();
      throw ZoneException.environment(
          "Cannot write file: " + file + " (" + e.getMessage() + ")", e);
    }
  }

  /** Appends one line of JSON. */
  public void append(String name, JsonElement json) {
    appendLine(name, json.toString());
  }

  /** Appends a line, of JSON that somebody wrote. */
  public synchronized void appendLine(String name, String json) {
    Path file = resolve(name);
    try {
      // Whoever wrote here before may have died within a line, which must not spoil this one.
      boolean begins = appended.add(name) && endsWithinLine(file);
      byte[] line = ((begins ? "\n" : "") + json + "\n").getBytes(StandardCharsets.UTF_8);
      Files.write(file, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw ZoneException.environment(
          "Cannot write file: " + file + " (" + e.getMessage() + ")", e);
    }
  }

  private static boolean endsWithinLine(Path file) throws IOException {
    try (SeekableByteChannel channel = Files.newByteChannel(file)) {
      if (channel.size() == 0) {
        return false;
      }
      ByteBuffer last = ByteBuffer.allocate(1);
      channel.position(channel.size() - 1);
      return channel.read(last) == 1 && last.get(0) != '\n';
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /** Whether somebody asked for the end. */
  public boolean isCancelRequested() {
    return Files.exists(resolve("cancel"));
  }

  /** Asks for the end, as the launcher does. */
  public void requestCancel() {
    try {
      Files.write(resolve("cancel"), new byte[0], StandardOpenOption.CREATE);
    } catch (IOException e) {
      throw ZoneException.environment("Cannot write file: " + resolve("cancel"), e);
    }
  }
}
