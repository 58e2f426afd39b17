package dev.zone.jobs.model;

import dev.zone.conf.error.Problems;
import dev.zone.conf.error.ZoneException;
import dev.zone.jobs.model.ParameterShapes.Layer;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A trained model whose parameters other trainings start from: an archive of ours, or one that
 * DL4J's ModelSerializer wrote. Its parameters fit a network if both have the same layers, by type
 * and by the shapes of what they learn; names, activations, dropout and penalties may differ. Its
 * updater's state is left behind: a new training begins with a new one.
 */
public final class StartingModel {
  /** A layer so many times as large as the job's is not looked into. */
  private static final long MOST_TIMES = 8;

  private static final long SMALL = 1 << 20;

  private final String source;
  private final Path zip;
  private final ModelArchive.Configuration configuration;
  private final List<Layer> layers;
  private Optional<StartParameters> read = Optional.empty();

  private StartingModel(
      String source, Path zip, ModelArchive.Configuration configuration, List<Layer> layers) {
    this.source = source;
    this.zip = zip;
    this.configuration = configuration;
    this.layers = layers;
  }

  /**
   * Reads what the model is; its parameters are read when they are known to fit.
   *
   * @param source what the user named it, for messages
   * @param limitBytes largest size of the file
   * @throws ZoneException of the user's if it is no model; of the environment if it cannot be read
   */
  public static StartingModel open(Path zip, String source, long limitBytes) {
    ModelArchive.Configuration configuration =
        ModelArchive.readConfiguration(zip, source, limitBytes);
    try {
      return new StartingModel(
          source,
          zip,
          configuration,
          ParameterShapes.of(configuration.kind(), configuration.json()));
    } catch (RuntimeException e) {
      throw ZoneException.user(
          "Cannot start from "
              + source
              + ": "
              + FileModels.reason(e)
              + " (expected a configuration as DL4J writes it)");
    }
  }

  /**
   * A network that starts from these parameters.
   *
   * @param problems receives every difference
   * @return empty, with problems, if they do not fit
   */
  public Optional<NetworkConfiguration> start(NetworkConfiguration network, Problems problems) {
    List<String> differences = differences(network);
    differences.forEach(
        difference -> problems.add("", "Cannot start from " + source + ": " + difference));
    if (!differences.isEmpty()) {
      return Optional.empty();
    }
    if (read.isEmpty()) {
      read = parameters(network.parameters(), problems);
    }
    return read.map(
        values -> network.startingFrom(values).noting("the training starts from " + source));
  }

  private List<String> differences(NetworkConfiguration network) {
    List<Layer> own = ParameterShapes.of(network.kind(), network.json());
    if (configuration.kind() != network.kind() || own.size() != layers.size()) {
      return List.of(
          "it has %s (expected %s, as the job's model has)"
              .formatted(types(configuration.kind(), layers), types(network.kind(), own)));
    }
    List<String> differences = new ArrayList<>();
    for (int i = 0; i < own.size(); i++) {
      String place = "layer " + (i + 1) + " (" + own.get(i).name() + ")";
      compare(place, layers.get(i), own.get(i), differences);
    }
    return differences;
  }

  private static String types(NetworkConfiguration.Kind kind, List<Layer> layers) {
    return "%d %s: %s"
        .formatted(
            layers.size(),
            kind == NetworkConfiguration.Kind.LAYERS ? "layers" : "vertices of a graph",
            layers.stream().map(Layer::type).collect(Collectors.joining(", ")));
  }

  private static void compare(String place, Layer given, Layer own, List<String> differences) {
    if (!given.type().equals(own.type())) {
      differences.add(
          "%s is a %s (expected a %s, as the job's model has)"
              .formatted(place, given.type(), own.type()));
      return;
    }
    long most = Math.max(SMALL, MOST_TIMES * own.parameters());
    if (given.parameters() < 0 || given.parameters() > most) {
      differences.add(
          "%s has %d parameters (expected %d, as the job's model has)"
              .formatted(place, given.parameters(), own.parameters()));
      return;
    }
    Map<String, List<Long>> givenShapes = given.shapes();
    Map<String, List<Long>> ownShapes = own.shapes();
    Set<String> names = new LinkedHashSet<>(ownShapes.keySet());
    names.addAll(givenShapes.keySet());
    for (String name : names) {
      String has = shape(givenShapes.get(name));
      String wanted = shape(ownShapes.get(name));
      if (!has.equals(wanted)) {
        differences.add(
            "%s %s is %s (expected %s, as the job's model has)"
                .formatted(place, name, has, wanted));
      }
    }
    if (givenShapes.equals(ownShapes) && given.parameters() != own.parameters()) {
      differences.add(
          "%s has %d parameters (expected %d, as the job's model has)"
              .formatted(place, given.parameters(), own.parameters()));
    }
  }

  private static String shape(List<Long> shape) {
    return shape == null ? "not there" : shape.toString();
  }

  private Optional<StartParameters> parameters(long expected, Problems problems) {
    FloatBuffer vector = ModelArchive.readParameters(zip, source, expected);
    float[] values = new float[vector.limit()];
    vector.get(0, values);
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        problems.add(
            "",
            "Cannot start from %s: its parameter %d of %d is %s (expected finite numbers)"
                .formatted(source, i + 1, values.length, values[i]));
        return Optional.empty();
      }
    }
    return Optional.of(StartParameters.of(values));
  }
}
