package dev.zone.launcher.cli;

import dev.zone.launcher.bundle.Versions;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

@Command(name = "version", description = "Says which versions are at work.")
final class VersionCommand implements Callable<Integer>, IVersionProvider {
  private final Context context;

  VersionCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    context.terminal().out().println(getVersion()[0]);
    return 0;
  }

  @Override
  public String[] getVersion() {
    Versions versions = Versions.ofThisBuild();
    return new String[] {
      "zone %s (Deeplearning4j %s, Spark %s, Java %s)"
          .formatted(versions.zone(), versions.dl4j(), versions.spark(), Runtime.version())
    };
  }
}
