package dev.zone.launcher.cli;

import dev.zone.conf.RunState;
import dev.zone.conf.error.Names;
import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.record.StateLog;
import dev.zone.datasets.storage.Storage;
import dev.zone.launcher.runs.RunFinder;
import dev.zone.launcher.runs.RunFolder;
import dev.zone.launcher.runs.RunView;
import dev.zone.launcher.submit.Clusters;
import dev.zone.launcher.submit.RunObserver;
import dev.zone.launcher.submit.RunObserver.Observed;
import dev.zone.launcher.zones.Centre;
import dev.zone.launcher.zones.CentreRuns;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds runs: those of a zone's centres, and, where no zone is named, those that {@code zone run}
 * left in a folder here.
 */
final class RunPlaces implements AutoCloseable {
  private static final int MOST_NAMED = 5;

  private final Context context;
  private final ZoneOptions zone;
  private final Path runs;
  private final Clusters clusters;
  private final List<Storage> opened = new ArrayList<>();
  private List<Place> places = List.of();

  RunPlaces(Context context, ZoneOptions zone, RunsOption runs) {
    this.context = context;
    this.zone = zone;
    this.runs = context.folder().resolve(runs.folder()).toAbsolutePath().normalize();
    this.clusters = context.clusters();
  }

  private record Place(Centre centre, CentreRuns runs) {}

  /**
   * A run.
   *
   * @param centre that it is at; empty of one that a command here stayed with
   * @param folder where it is on this machine, if it is
   */
  record Found(RunView view, Optional<Centre> centre, Optional<Path> folder) {
    String id() {
      return view.id();
    }

    /** For people. */
    String where() {
      return centre.map(Centre::title).orElse("here");
    }
  }

  Clusters clusters() {
    return clusters;
  }

  /** Where a run stands. */
  Observed observe(Found run) {
    if (run.centre().isPresent()) {
      return new RunObserver(clusters, context.clock()).observe(run.view(), run.centre().get());
    }
    Optional<StateLog.Entry> entry = run.view().states().newest();
    Path folder = run.folder().orElseThrow();
    boolean dead =
        entry.map(one -> !one.state().isFinal()).orElse(true)
            && !new RunFolder(folder.getParent(), folder.getFileName().toString()).isAtWork();
    return dead
        ? new Observed(
            entry.map(
                one -> new StateLog.Entry(one.number(), RunState.LOST, one.since(), one.message())),
            "no application works on it")
        : new Observed(entry, "");
  }

  /**
   * The run of that id, or whose id alone begins so.
   *
   * @throws ZoneException of the user's if there is none, or several
   */
  Found require(String named) {
    List<Found> all = all();
    for (Found run : all) {
      if (run.id().equals(named)) {
        return run;
      }
    }
    List<Found> beginning = all.stream().filter(run -> run.id().startsWith(named)).toList();
    if (beginning.size() == 1) {
      return beginning.get(0);
    }
    List<String> ids = all.stream().map(Found::id).toList();
    if (beginning.size() > 1) {
      throw ZoneException.user(
          "Cannot tell which run is meant: %s (expected a longer beginning: %s)"
              .formatted(
                  named,
                  String.join(", ", beginning.stream().map(Found::id).limit(MOST_NAMED).toList())));
    }
    throw ZoneException.user(
        "Cannot find the run: %s%s (expected the id of a run in %s, or the beginning of one)"
            .formatted(named, Names.suggestion(named, ids), searched()));
  }

  private String searched() {
    List<String> titles = new ArrayList<>();
    if (!zone.isGiven()) {
      titles.add(runs.toString());
    }
    places().forEach(place -> titles.add(place.centre().title()));
    return String.join(", ", titles);
  }

  /** All runs, the oldest first. */
  List<Found> all() {
    List<Found> all = new ArrayList<>();
    if (!zone.isGiven()) {
      for (String id : new RunFinder(runs, context.folder()).ids()) {
        Path folder = runs.resolve(id);
        all.add(
            new Found(
                new RunView(id, Storage.local(folder)), Optional.empty(), Optional.of(folder)));
      }
    }
    for (Place place : places()) {
      Optional<Path> mounted = place.centre().mounted(context.environment());
      for (String id : ids(place)) {
        all.add(
            new Found(
                place.runs().run(id),
                Optional.of(place.centre()),
                mounted.map(root -> root.resolve(CentreRuns.RUNS).resolve(id))));
      }
    }
    all.sort(java.util.Comparator.comparing(Found::id));
    return all;
  }

  private List<String> ids(Place place) {
    try {
      return place.runs().ids();
    } catch (ZoneException e) {
      sayUnreachable(place.centre(), e);
      return List.of();
    }
  }

  private void sayUnreachable(Centre centre, ZoneException e) {
    context.terminal().err().println("zone: " + centre.title() + ": " + e.getMessage());
  }

  /** A centre that cannot be reached hides its runs, not those of the others. */
  private List<Place> places() {
    if (!places.isEmpty()) {
      return places;
    }
    List<Place> found = new ArrayList<>();
    for (Centre centre : zone.centres(context)) {
      try {
        Storage storage = centre.open(context.environment());
        opened.add(storage);
        found.add(new Place(centre, new CentreRuns(storage)));
      } catch (ZoneException e) {
        sayUnreachable(centre, e);
      }
    }
    places = List.copyOf(found);
    return places;
  }

  @Override
  public void close() {
    for (Storage storage : opened) {
      try {
        storage.close();
      } catch (IOException e) {
        // All that was to be read was read.
        continue;
      }
    }
  }
}
