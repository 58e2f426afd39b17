package dev.zone.launcher.cli;

import com.google.gson.JsonObject;
import dev.zone.conf.BundleSpec;
import dev.zone.conf.PlanSpec;
import dev.zone.launcher.bundle.ApplicationJars;
import dev.zone.launcher.bundle.BundleFolder;
import dev.zone.launcher.bundle.Distribution;
import dev.zone.launcher.bundle.Versions;
import dev.zone.launcher.plan.CacheFolder;
import dev.zone.launcher.plan.Planned;
import dev.zone.launcher.plan.RunFiles;
import dev.zone.launcher.submit.Supplies;
import dev.zone.launcher.zones.Centre;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Makes a bundle of a job, to be looked at, kept and submitted later. */
@Command(
    name = "package",
    description = {
      "Makes a bundle: the plan, the model's files and exactly the jars that the centre needs.",
      "The same job, data and build give the same bytes; zone submit takes a bundle in a job's"
          + " place and finds whatever was changed."
    })
final class PackageCommand implements Callable<Integer> {
  private final Context context;
  @Mixin private JobOptions options = new JobOptions();
  @Mixin private ZoneOptions zone = new ZoneOptions();

  @Option(
      names = "--to",
      paramLabel = "DIR",
      description = "Where to put it. Default: the job's name and .bundle.")
  private Optional<Path> to = Optional.empty();

  PackageCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    Distribution distribution = context.distribution().get();
    Planned planned =
        options.planner(context).planFor(options.request(Optional.empty()), zone.targets(context));
    Centre centre = planned.centre().orElseThrow();
    new Supplies(distribution, context.environment()).requireClassPath(centre);
    PlanSpec plan = planned.plan();
    Planned timeless = planned.with(plan.ofRun(plan.job().name(), RunFiles.NO_TIME));
    List<ApplicationJars.Jar> jars =
        new ApplicationJars(distribution, CacheFolder.of(context.environment()))
            .of(plan, centre.spec().cudaLibraries());
    Path folder =
        context.folder().resolve(to.orElse(Path.of(plan.job().name() + ".bundle"))).normalize();
    BundleSpec bundle =
        new BundleFolder(folder)
            .write(manifest(centre, jars), jars, begun -> RunFiles.writeInto(begun, timeless));
    say(folder, bundle);
    return 0;
  }

  private static BundleSpec manifest(Centre centre, List<ApplicationJars.Jar> jars) {
    Versions versions = Versions.ofThisBuild();
    return new BundleSpec(
        BundleSpec.FORMAT,
        centre.title(),
        versions.zone(),
        versions.spark(),
        Versions.SCALA,
        ApplicationJars.backend(jars),
        ApplicationJars.platform(jars),
        List.of());
  }

  private void say(Path folder, BundleSpec bundle) {
    long bytes = bundle.files().stream().mapToLong(BundleSpec.BundledFile::bytes).sum();
    if (options.isJson()) {
      JsonObject json = new JsonObject();
      json.addProperty("bundle", folder.toString());
      json.addProperty("centre", bundle.centre());
      json.addProperty("files", bundle.files().size());
      json.addProperty("bytes", bytes);
      context.terminal().out().println(json);
      return;
    }
    context
        .terminal()
        .out()
        .printf(
            "%s: %d files, %s, for %s%n",
            folder, bundle.files().size(), Amounts.bytes(bytes), bundle.centre());
  }
}
