package dev.zone.launcher.plan;

import dev.zone.conf.CpuFeatures;
import dev.zone.conf.JobRules;
import dev.zone.conf.PlanSpec;
import dev.zone.conf.PlanSpec.BackendSpec;
import dev.zone.conf.RunState;
import dev.zone.conf.WorkerFlags;
import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.Problems;
import dev.zone.conf.error.ZoneException;
import dev.zone.conf.yaml.Bound;
import dev.zone.conf.yaml.Locations;
import dev.zone.conf.yaml.Setting;
import dev.zone.conf.yaml.YamlBinder;
import dev.zone.datasets.format.Digests;
import dev.zone.launcher.bundle.Distribution;
import dev.zone.launcher.runs.Json;
import dev.zone.launcher.runs.RunFolder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Plans how a run that ended without success goes on: as it was planned, as far as the machine, the
 * distribution and what the user asks for allow.
 */
public final class Resumption {
  /** The plan's first key. */
  private static final Pattern FORMAT = Pattern.compile("(?m)^format: *([^\\s#]+)");

  private static final int HEAD_BYTES = 4096;

  private final Distribution distribution;
  private final Path folder;
  private final Map<String, String> environment;
  private final Machine machine;
  private final CpuFeatures cpu;

  /**
   * What may differ from the plan.
   *
   * @param workers over the plan's
   * @param master over the plan's; a local one has a slot a worker
   * @param data where the plan's data lie now, {@code NAME=DIR} or {@code DIR}; where they were if
   *     empty
   */
  public record Request(OptionalInt workers, Optional<String> master, List<String> data) {
    public Request {
      data = List.copyOf(data);
    }
  }

  /**
   * @param folder that relative paths start from
   * @param environment may name where to remember files' digests, {@code ZONE_CACHE}, and, beside
   *     the folders that a request names, a root of all data, {@code ZONE_DATA}
   * @param cpu of this machine
   */
  public Resumption(
      Distribution distribution,
      Path folder,
      Map<String, String> environment,
      Machine machine,
      CpuFeatures cpu) {
    this.distribution = distribution;
    this.folder = folder.toAbsolutePath().normalize();
    this.environment = Map.copyOf(environment);
    this.machine = machine;
    this.cpu = cpu;
  }

  /**
   * Plans it; changes nothing.
   *
   * @throws ZoneException of the user's if the run cannot go on; of resources if the machine cannot
   *     hold the workers
   */
  public Resumed plan(RunFolder run, Request request) {
    refuseWhatCannotGoOn(run);
    PlanSpec old = read(run, List.of());
    PlanSpec plan =
        request.workers().isEmpty() ? old : read(run, settings(request.workers().getAsInt()));
    List<String> notes = new ArrayList<>();
    Problems problems = new Problems();
    int workers = plan.job().resources().workers();
    if (workers != old.workers()) {
      // What that means for the model the application says, which knows who wrote the checkpoint.
      JobRules.check(plan.job(), Locations.unknown("--workers"), problems);
    }
    Master master = master(request, old, workers, problems);
    Optional<String> dataRoot = dataRoot(plan, request.data(), problems);
    if (dataRoot.isPresent()) {
      PlannedData.check(
          plan, dataRoot.get(), digests(), "Cannot resume " + run.id() + ": ", problems);
    }
    problems.throwIfAny();
    machine.requireRoomFor(plan.job().resources(), master.isLocal());
    PlanSpec next = placed(plan, dataRoot, workers, master, notes);
    earlierMistake(run).ifPresent(notes::add);
    return new Resumed(next, !next.equals(old), master, notes);
  }

  private static List<Setting> settings(int workers) {
    return List.of(new Setting("job.resources.workers", Integer.toString(workers), "--workers"));
  }

  private static void refuseWhatCannotGoOn(RunFolder folder) {
    if (folder.isNamedAsStarting()) {
      throw refused(
          folder, "it never got to training", "a run that did; zone run starts this one anew");
    }
    if (!Files.isRegularFile(folder.published().resolve("plan.yaml"))) {
      throw refused(folder, "it has no plan.yaml", "the folder of a run");
    }
    if (folder.isAtWork()) {
      throw refused(folder, "an application works on it", "a run that ended");
    }
    if (folder.state().equals(Optional.of(RunState.SUCCEEDED))) {
      throw refused(
          folder,
          "it SUCCEEDED",
          "a run that FAILED or was CANCELLED; zone run JOB --from "
              + folder.id()
              + " starts a new one from its model");
    }
    String format = format(folder);
    if (!format.equals(Integer.toString(PlanSpec.FORMAT))) {
      throw refused(
          folder, "its plan has format " + format, "format " + PlanSpec.FORMAT + ", this Zone's");
    }
  }

  private static ZoneException refused(RunFolder folder, String why, String expected) {
    return ZoneException.user(
        "Cannot resume " + folder.id() + ": " + why + " (expected " + expected + ")");
  }

  private static String format(RunFolder folder) {
    Path plan = folder.published().resolve("plan.yaml");
    try (InputStream in = Files.newInputStream(plan)) {
      Matcher format =
          FORMAT.matcher(new String(in.readNBytes(HEAD_BYTES), StandardCharsets.UTF_8));
      return format.find() ? format.group(1) : "unknown";
    } catch (IOException e) {
      throw ZoneException.environment("Cannot read " + plan + ": " + e.getMessage(), e);
    }
  }

  private static PlanSpec read(RunFolder folder, List<Setting> settings) {
    Problems problems = new Problems();
    Path file = folder.published().resolve("plan.yaml");
    Optional<Bound<PlanSpec>> plan = YamlBinder.read(file, PlanSpec.class, settings, problems);
    if (plan.isPresent()) {
      return plan.get().value();
    }
    if (!settings.isEmpty()) {
      // The plan alone was read before: what is wrong is the user's wish.
      problems.throwIfAny();
    }
    throw refused(
        folder,
        "its plan cannot be read: "
            + problems.list().get(0)
            + (problems.count() > 1 ? ", and " + (problems.count() - 1) + " more problems" : ""),
        "plan.yaml as zone run wrote it");
  }

  private Master master(Request request, PlanSpec old, int workers, Problems problems) {
    Optional<String> recorded =
        old.master().filter(url -> workers == old.workers() || !url.startsWith("local"));
    if (request.master().isEmpty() && recorded.isPresent() && !recorded.get().startsWith("local")) {
      // A zone's, which need not be one that --master takes.
      return RunFiles.master(old);
    }
    return request
        .master()
        .or(() -> recorded)
        .flatMap(url -> Master.parse(url, workers, machine.processors(), problems))
        .orElseGet(() -> Master.local(workers));
  }

  /**
   * Where the data lie now. Empty for generated data, and, with a problem, if they are not where
   * the user says.
   */
  private Optional<String> dataRoot(PlanSpec plan, List<String> given, Problems problems) {
    if (given.isEmpty()) {
      return plan.dataRoot();
    }
    DataFolders folders =
        DataFolders.of(given, Optional.ofNullable(environment.get("ZONE_DATA")), folder, problems);
    if (plan.dataset().isGenerated()) {
      return Optional.empty();
    }
    return folders.find(plan.dataset(), problems).map(Path::toString);
  }

  private Digests digests() {
    return CacheFolder.of(environment).map(Digests::cachedIn).orElseGet(Digests::uncached);
  }

  /** The plan for where it runs now; what is unchanged stays as it is, to the bit. */
  private PlanSpec placed(
      PlanSpec plan, Optional<String> dataRoot, int workers, Master master, List<String> notes) {
    BackendSpec backend = plan.backend();
    if (!cpu.canRun(backend.extension())) {
      notes.add(
          "this processor cannot run the plan's native library (%s) and goes on with %s: the model is not the same to the bit"
              .formatted(name(backend.extension()), name(cpu.nativeExtension())));
      backend = backend.withExtension(cpu.nativeExtension());
    }
    WorkerFlags.requireRunnable(backend, cpu);
    String classPath = distribution.classPathDigest();
    boolean sameJars = classPath.equals(plan.classpathDigest());
    if (!sameJars) {
      notes.add(
          "the application's jars are not those of the plan: the model may not be the same to the"
              + " bit");
    }
    return new PlanSpec(
        plan.format(),
        plan.run(),
        plan.job(),
        plan.dataset(),
        dataRoot,
        plan.files(),
        plan.datasetDigest(),
        plan.modelFile(),
        workers,
        backend,
        classPath,
        sameJars ? plan.versions() : Planner.versions(),
        plan.created(),
        plan.from(),
        Optional.of(master.url()),
        plan.findings());
  }

  private static String name(String extension) {
    return extension.isEmpty() ? "the plain one" : extension.substring(1);
  }

  /** A mistake of the input strikes again, unless somebody mended it, which only they know. */
  private static Optional<String> earlierMistake(RunFolder folder) {
    return folder
        .json("error.json")
        .filter(error -> Json.text(error, "kind").equals(ErrorKind.USER.name()))
        .map(error -> Json.text(error, "message").lines().findFirst().orElse(""))
        .map(message -> "it goes on in case this was mended: " + message);
  }
}
