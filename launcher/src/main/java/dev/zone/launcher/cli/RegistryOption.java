package dev.zone.launcher.cli;

import dev.zone.conf.DatasetName;
import dev.zone.conf.error.ZoneException;
import dev.zone.launcher.plan.RegistryPlace;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which registry of datasets is meant. */
final class RegistryOption {
  @Option(
      names = "--registry",
      paramLabel = "URI",
      description =
          "The registry of datasets: a folder or a URI. Default: ZONE_REGISTRY, else"
              + " ~/.zone/registry.")
  private String registry;

  RegistryPlace place(Context context) {
    return RegistryPlace.of(Optional.ofNullable(registry), context.environment(), context.folder());
  }

  /** The environment with this registry in it. */
  Map<String, String> over(Map<String, String> environment) {
    if (registry == null) {
      return environment;
    }
    Map<String, String> changed = new HashMap<>(environment);
    changed.put(RegistryPlace.VARIABLE, registry);
    return changed;
  }

  /**
   * A dataset's name as somebody wrote it.
   *
   * @throws ZoneException of the user's if it is none
   */
  static DatasetName name(String text) {
    try {
      return DatasetName.parse(text);
    } catch (IllegalArgumentException e) {
      throw ZoneException.user(
          "Cannot use the dataset's name: %s (%s)".formatted(text, e.getMessage()));
    }
  }
}
