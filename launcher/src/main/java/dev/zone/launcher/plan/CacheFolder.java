package dev.zone.launcher.plan;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Where a user's machine keeps what can be made again: {@code ZONE_CACHE}, else {@code
 * XDG_CACHE_HOME/zone}, else {@code ~/.cache/zone}.
 */
public final class CacheFolder {
  private CacheFolder() {}

  /** The folder; empty if the environment names no home. */
  public static Optional<Path> of(Map<String, String> environment) {
    String own = environment.getOrDefault("ZONE_CACHE", "");
    String shared = environment.getOrDefault("XDG_CACHE_HOME", "");
    String home = environment.getOrDefault("HOME", "");
    if (!own.isBlank()) {
      return Optional.of(Path.of(own));
    }
    if (!shared.isBlank()) {
      return Optional.of(Path.of(shared, "zone"));
    }
    return home.isBlank() ? Optional.empty() : Optional.of(Path.of(home, ".cache", "zone"));
  }
}
