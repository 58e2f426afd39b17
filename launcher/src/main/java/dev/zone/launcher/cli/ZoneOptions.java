package dev.zone.launcher.cli;

import dev.zone.conf.CentreSpec;
import dev.zone.conf.ZoneSpec;
import dev.zone.conf.error.Names;
import dev.zone.conf.error.ZoneException;
import dev.zone.launcher.zones.Centre;
import dev.zone.launcher.zones.ZoneFiles;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which zone a command is about. */
final class ZoneOptions {
  /** The variable that names the zone where the option does not. */
  private static final String VARIABLE = "ZONE";

  @Option(
      names = "--zone",
      paramLabel = "ZONE",
      description = "The zone: a file or a name. Default: $$ZONE, else laptop.")
  private Optional<String> zone = Optional.empty();

  @Option(
      names = "--centre",
      paramLabel = "NAME",
      description = "A centre of the zone. Default: the zone's own, else the first that will do.")
  private Optional<String> centre = Optional.empty();

  /** Whether the user named one. */
  boolean isGiven() {
    return zone.isPresent() || centre.isPresent();
  }

  /**
   * The centres that are meant, in the zone's order, its default centre first.
   *
   * @throws ZoneException of the user's if the zone's file is wrong or it has no such centre
   */
  List<Centre> centres(Context context) {
    return centres(spec(context));
  }

  /**
   * The centres that a job may go to: the default centre alone, if the zone has one and no other is
   * named.
   */
  List<Centre> targets(Context context) {
    ZoneSpec spec = spec(context);
    List<Centre> all = centres(spec);
    return centre.isEmpty() && spec.defaultCentre().isPresent() ? all.subList(0, 1) : all;
  }

  private ZoneSpec spec(Context context) {
    return ConfShowCommand.read(context, name(context)).value();
  }

  private List<Centre> centres(ZoneSpec spec) {
    if (centre.isPresent()) {
      return List.of(named(spec, centre.get()));
    }
    List<Centre> all = new ArrayList<>();
    spec.defaultCentre().ifPresent(name -> all.add(named(spec, name)));
    for (Map.Entry<String, CentreSpec> entry : spec.centres().entrySet()) {
      if (!spec.defaultCentre().equals(Optional.of(entry.getKey()))) {
        all.add(new Centre(spec.name(), entry.getKey(), entry.getValue()));
      }
    }
    return all;
  }

  private String name(Context context) {
    String variable = context.environment().getOrDefault(VARIABLE, "");
    return zone.orElse(variable.isBlank() ? ZoneFiles.DEFAULT : variable);
  }

  /** What the options are, as a user types them; empty if none were given. */
  String typed() {
    return zone.map(name -> " --zone " + name).orElse("")
        + centre.map(name -> " --centre " + name).orElse("");
  }

  private static Centre named(ZoneSpec spec, String name) {
    CentreSpec centre = spec.centres().get(name);
    if (centre == null) {
      throw ZoneException.user(
          "Cannot find the centre: %s (expected one of %s, which %s has)%s"
              .formatted(
                  name,
                  String.join(", ", spec.centres().keySet()),
                  spec.name(),
                  Names.suggestion(name, spec.centres().keySet())));
    }
    return new Centre(spec.name(), name, centre);
  }
}
