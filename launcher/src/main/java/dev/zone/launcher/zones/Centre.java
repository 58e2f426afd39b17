package dev.zone.launcher.zones;

import dev.zone.conf.CentreSpec;
import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.storage.Storage;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * A centre of a zone, as this machine uses it.
 *
 * @param zone the zone's name
 * @param name of the centre
 */
public record Centre(String zone, String name, CentreSpec spec) {
  /** For people: {@code lingang/chips}. */
  public String title() {
    return zone + "/" + name;
  }

  /**
   * The folder of the centre's storage, where it is one of a file system that is mounted here.
   *
   * @param environment where {@code HOME} says what {@code ~} is
   */
  public Optional<Path> mounted(Map<String, String> environment) {
    String storage = spec.storage();
    if (storage.startsWith("~")) {
      String home = environment.getOrDefault("HOME", System.getProperty("user.home"));
      return Optional.of(Path.of(home + storage.substring(1)).toAbsolutePath().normalize());
    }
    URI uri = URI.create(storage);
    return uri.getScheme().equals("file")
        ? Optional.of(Path.of(uri.getPath()).normalize())
        : Optional.empty();
  }

  /**
   * Opens the storage.
   *
   * @throws ZoneException of the user's if it is not one of a file system that is mounted here
   */
  public Storage open(Map<String, String> environment) {
    return Storage.local(requireMounted(environment));
  }

  /**
   * The storage's folder on this machine.
   *
   * @throws ZoneException of the user's if the storage is elsewhere
   */
  public Path requireMounted(Map<String, String> environment) {
    return mounted(environment)
        .orElseThrow(
            () ->
                new ZoneException(
                    ErrorKind.USER,
                    "Cannot use the storage of "
                        + title()
                        + ": "
                        + spec.storage()
                        + " (expected file:/…, a file system that this machine has mounted too)"));
  }
}
