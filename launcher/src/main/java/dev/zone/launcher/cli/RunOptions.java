package dev.zone.launcher.cli;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** What commands on one run have in common. */
final class RunOptions {
  @Parameters(paramLabel = "RUN", description = "The run: its id, or a beginning of the id.")
  private String run = "";

  @Mixin private ZoneOptions zone = new ZoneOptions();
  @Mixin private RunsOption runs = new RunsOption();
  @Mixin private OutputOptions output = new OutputOptions();

  String run() {
    return run;
  }

  ZoneOptions zone() {
    return zone;
  }

  boolean isJson() {
    return output.isJson();
  }

  RunPlaces places(Context context) {
    return new RunPlaces(context, zone, runs);
  }
}
