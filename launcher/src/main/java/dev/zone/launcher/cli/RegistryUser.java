package dev.zone.launcher.cli;

import dev.zone.conf.DatasetName;
import dev.zone.conf.PlanSpec;
import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.registry.DatasetLog;
import dev.zone.datasets.registry.DatasetLog.Action;
import dev.zone.datasets.registry.Grants.Right;
import dev.zone.datasets.registry.RegisteredDataset;
import dev.zone.datasets.registry.Registry;
import dev.zone.datasets.storage.Storage;
import dev.zone.launcher.plan.RegistryPlace;
import java.io.IOException;
import java.util.Optional;

/** Who uses a registry: the user of this machine, for the tenant that {@code ZONE_TENANT} names. */
record RegistryUser(Context context) {
  String name() {
    return System.getProperty("user.name", "");
  }

  /** The tenant that they act for, if they do for one. */
  Optional<String> tenant() {
    return RegistryPlace.tenant(context.environment());
  }

  /**
   * @throws ZoneException of the user's if that is not granted
   */
  void require(RegisteredDataset dataset, Right right) {
    dataset.grants().require(right, RegistryPlace.who(context.environment()));
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
      dataset
          .log()
          .add(
              new DatasetLog.Entry(
                  context.clock().instant().toString(),
                  name(),
                  action,
                  Optional.of(version),
                  what,
                  tenant()));
    } catch (ZoneException e) {
      context.terminal().err().println("zone: it is not in the dataset's log: " + e.getMessage());
    }
  }

  /** Writes down, where a plan's dataset is a registry's, that a run trains on it. */
  void logTraining(PlanSpec plan, RegistryPlace place, String run) {
    DatasetName name = plan.dataset().name();
    if (name.version().isEmpty()) {
      return;
    }
    try (Storage storage = place.open()) {
      log(
          new Registry(storage).open(name),
          Action.TRAINED,
          name.version().getAsInt(),
          "run " + run);
    } catch (ZoneException | IOException e) {
      notLogged(e);
    }
  }

  /** Reading works without. */
  private void notLogged(Exception e) {
    context.terminal().err().println("zone: it is not in the dataset's log: " + e.getMessage());
  }
}
