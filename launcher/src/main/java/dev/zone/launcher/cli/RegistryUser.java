package dev.zone.launcher.cli;

import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.registry.DatasetLog.Action;
import dev.zone.datasets.registry.Grants.Right;
import dev.zone.datasets.registry.RegisteredDataset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Who uses a registry: the user of this machine, for the tenant that {@code ZONE_TENANT} names. */
record RegistryUser(Context context) {
  private static final String TENANT = "ZONE_TENANT";

  String name() {
    return System.getProperty("user.name", "");
  }

  private List<String> who() {
    List<String> who = new ArrayList<>(List.of(name()));
    Optional.ofNullable(context.environment().get(TENANT))
        .filter(tenant -> !tenant.isBlank())
        .ifPresent(who::add);
    return who;
  }

  /**
   * @throws ZoneException of the user's if that is not granted
   */
  void require(RegisteredDataset dataset, Right right) {
    dataset.grants().require(right, who());
  }

  /** Only whoever made a dataset says who may use it. */
  void requireOwner(RegisteredDataset dataset) {
    dataset
        .owner()
        .filter(owner -> !owner.equals(name()))
        .ifPresent(
            owner -> {
              throw ZoneException.user(
                  "Cannot say who may use %s as %s (expected its owner %s)"
                      .formatted(dataset.name(), name(), owner));
            });
  }

  /** Writes down that a version was read; reading works without. */
  void log(RegisteredDataset dataset, Action action, int version, String what) {
    try {
      dataset.log().add(action, name(), Optional.of(version), what, context.clock().instant());
    } catch (ZoneException e) {
      context.terminal().err().println("zone: it is not in the dataset's log: " + e.getMessage());
    }
  }
}
