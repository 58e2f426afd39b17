package dev.zone.datasets.registry;

import com.google.gson.JsonObject;
import dev.zone.conf.DatasetName;
import dev.zone.conf.error.Names;
import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.record.RecordFiles;
import dev.zone.datasets.storage.Storage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

/** Datasets on a storage; see the package for how they lie. Safe for many writers at once. */
public final class Registry {
  static final String DESCRIPTOR = "dataset.yaml";
  static final String CREATED = "created.json";

  private final Storage root;

  /**
   * @param root closed by whoever made it
   */
  public Registry(Storage root) {
    this.root = root;
  }

  /** Where it is, for people. */
  public String place() {
    return root.place("");
  }

  /**
   * Names of all datasets, in order.
   *
   * @throws ZoneException of the environment if the storage does not answer
   */
  public List<DatasetName> names() {
    List<DatasetName> names = new ArrayList<>();
    try {
      for (String domain : DatasetName.DOMAINS) {
        for (String name : root.list(domain)) {
          // What is being made has a name that begins with a dot.
          if (name.matches("[a-z0-9][a-z0-9._-]{0,99}") && !name.contains("..")) {
            names.add(new DatasetName(domain, name, OptionalInt.empty()));
          }
        }
      }
    } catch (IOException e) {
      throw cannot("list the registry", "", e);
    }
    return names;
  }

  /** Whether there is a dataset of that name. */
  public boolean has(DatasetName name) {
    try {
      return root.exists(name.path() + "/" + DESCRIPTOR);
    } catch (IOException e) {
      throw cannot("look for the dataset", name.path(), e);
    }
  }

  /**
   * The dataset of that name.
   *
   * @throws ZoneException of the user's if there is none
   */
  public RegisteredDataset open(DatasetName name) {
    try (Storage.StoredFile file = root.open(name.path() + "/" + DESCRIPTOR)) {
      byte[] bytes = file.bytes().readNBytes(RegisteredDataset.MOST_DESCRIPTOR_BYTES + 1);
      if (bytes.length > RegisteredDataset.MOST_DESCRIPTOR_BYTES) {
        throw new IOException("it is longer than any descriptor");
      }
      return new RegisteredDataset(
          new DatasetName(name.domain(), name.name(), OptionalInt.empty()),
          new String(bytes, StandardCharsets.UTF_8),
          root.below(name.path()));
    } catch (NoSuchFileException e) {
      List<String> known = names().stream().map(DatasetName::path).toList();
      throw ZoneException.user(
          "Cannot find the dataset: %s%s (expected one of the registry %s: %s)"
              .formatted(
                  name.path(),
                  Names.suggestion(name.path(), known),
                  place(),
                  known.isEmpty()
                      ? "it has none yet; zone dataset create makes one"
                      : String.join(", ", known)));
    } catch (IOException e) {
      throw cannot("read the dataset", name.path(), e);
    }
  }

  /**
   * Makes a dataset, without a version yet.
   *
   * @param descriptor its descriptor's text, which was checked
   * @param by who makes it
   * @throws ZoneException of the user's if there is one of that name
   */
  public RegisteredDataset create(DatasetName name, String descriptor, String by, Instant now) {
    return create(name, descriptor, by, Optional.empty(), now);
  }

  /**
   * As {@link #create(DatasetName, String, String, Instant)}.
   *
   * @param tenant for whom it is made
   */
  public RegisteredDataset create(
      DatasetName name, String descriptor, String by, Optional<String> tenant, Instant now) {
    JsonObject created = new JsonObject();
    created.addProperty("by", by);
    created.addProperty("time", now.toString());
    tenant.ifPresent(whose -> created.addProperty(DatasetLog.TENANT, whose));
    byte[] text = descriptor.getBytes(StandardCharsets.UTF_8);
    try {
      if (root.renamesAtOnce()) {
        createAsOne(name, text, created);
      } else {
        createClaimed(name, text, created);
      }
    } catch (FileAlreadyExistsException e) {
      throw ZoneException.user(
          "Cannot create the dataset: %s is in the registry %s already (expected another name; its descriptor never changes)"
              .formatted(name.path(), place()));
    } catch (IOException e) {
      throw cannot("create the dataset", name.path(), e);
    }
    return open(name);
  }

  /** Nobody sees it before all of it is there, and of two only one has the name. */
  private void createAsOne(DatasetName name, byte[] descriptor, JsonObject created)
      throws IOException {
    String begun = name.domain() + "/." + name.name() + "." + UUID.randomUUID() + ".begun";
    root.makeFolders(begun);
    try {
      root.write(begun + "/" + DESCRIPTOR, out -> out.write(descriptor));
      boolean unused = new RecordFiles(root.below(begun)).create(CREATED, created);
      root.rename(begun, name.path());
    } finally {
      root.deleteTree(begun);
    }
  }

  /**
   * Who writes down first that they make it has the name; the descriptor makes it be there. Who
   * dies in between may do it again.
   */
  private void createClaimed(DatasetName name, byte[] descriptor, JsonObject created)
      throws IOException {
    root.makeFolders(name.path());
    RecordFiles records = new RecordFiles(root.below(name.path()));
    if (!records.create(CREATED, created)) {
      Optional<JsonObject> claimed = records.read(CREATED);
      boolean own = claimed.map(other -> created.get("by").equals(other.get("by"))).orElse(false);
      if (!own) {
        throw new FileAlreadyExistsException(name.path());
      }
    }
    root.create(name.path() + "/" + DESCRIPTOR, descriptor);
  }

  private ZoneException cannot(String what, String name, IOException e) {
    return ZoneException.environment(
        "Cannot %s: %s (%s)".formatted(what, root.place(name), e.getMessage()), e);
  }
}
