package dev.zone.launcher.cli;

import com.google.gson.JsonObject;
import dev.zone.datasets.registry.Grants.Right;
import dev.zone.datasets.registry.RegisteredDataset;
import dev.zone.datasets.registry.Registry;
import dev.zone.datasets.storage.Storage;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Says who may read or feed a dataset. */
@Command(
    name = "grant",
    description =
        "Lets a tenant (or a user) read a dataset, or feed it too. Until somebody was let, all may"
            + " do both; from then on only the owner and those who were.")
final class DatasetGrantCommand implements Callable<Integer> {
  private final Context context;

  @Parameters(index = "0", paramLabel = "NAME", description = "The dataset.")
  private String name;

  @Parameters(index = "1", paramLabel = "TENANT", description = "Who: a tenant or a user.")
  private String tenant;

  @Parameters(index = "2", paramLabel = "read|feed", description = "What; feed includes read.")
  private Right right;

  @Mixin private RegistryOption registry = new RegistryOption();
  @Mixin private OutputOptions output = new OutputOptions();

  DatasetGrantCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException {
    change(context, registry, output, name, Map.entry(tenant, Optional.of(right)));
    return 0;
  }

  /**
   * @param who the tenant, and what it may do
   */
  static void change(
      Context context,
      RegistryOption registry,
      OutputOptions output,
      String name,
      Map.Entry<String, Optional<Right>> who)
      throws IOException {
    try (Storage storage = registry.place(context).open()) {
      RegisteredDataset dataset = new Registry(storage).open(RegistryOption.name(name));
      RegistryUser user = new RegistryUser(context);
      user.requireOwner(dataset);
      boolean changed =
          dataset
              .grants()
              .change(
                  who.getKey(),
                  who.getValue(),
                  user.name(),
                  user.tenant(),
                  context.clock().instant());
      SortedMap<String, Right> grants = dataset.grants().all();
      if (output.isJson()) {
        JsonObject json = new JsonObject();
        json.addProperty("dataset", dataset.name().toString());
        json.addProperty("changed", changed);
        JsonObject each = new JsonObject();
        grants.forEach((tenant, may) -> each.addProperty(tenant, word(may)));
        json.add("grants", each);
        context.terminal().out().println(json);
        return;
      }
      if (!changed) {
        context.terminal().err().println("zone: nothing changed");
      }
      grants.forEach((tenant, may) -> context.terminal().out().println(tenant + " " + word(may)));
      if (grants.isEmpty()) {
        context.terminal().err().printf("zone: all may read and feed %s%n", dataset.name());
      }
    }
  }

  private static String word(Right right) {
    return right.name().toLowerCase(Locale.ROOT);
  }
}
