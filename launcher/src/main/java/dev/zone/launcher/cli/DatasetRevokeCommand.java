package dev.zone.launcher.cli;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Takes back what a tenant may do with a dataset. */
@Command(
    name = "revoke",
    description =
        "Takes back what a tenant (or a user) may do with a dataset. Once the last is taken back,"
            + " all may read and feed it again.")
final class DatasetRevokeCommand implements Callable<Integer> {
  private final Context context;

  @Parameters(index = "0", paramLabel = "NAME", description = "The dataset.")
  private String name;

  @Parameters(index = "1", paramLabel = "TENANT", description = "Who: a tenant or a user.")
  private String tenant;

  @Mixin private RegistryOption registry = new RegistryOption();
  @Mixin private OutputOptions output = new OutputOptions();

  DatasetRevokeCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException {
    DatasetGrantCommand.change(
        context, registry, output, name, Map.entry(tenant, Optional.empty()));
    return 0;
  }
}
