package dev.zone.launcher.plan;

import dev.zone.conf.DatasetName;
import dev.zone.conf.DatasetRules;
import dev.zone.conf.DatasetSpec;
import dev.zone.conf.JobRules;
import dev.zone.conf.JobSpec;
import dev.zone.conf.PlanSpec;
import dev.zone.conf.PlanSpec.BackendSpec;
import dev.zone.conf.ResourceSpec;
import dev.zone.conf.error.Names;
import dev.zone.conf.error.Problems;
import dev.zone.conf.yaml.Bound;
import dev.zone.conf.yaml.Setting;
import dev.zone.conf.yaml.YamlBinder;
import dev.zone.datasets.format.DatasetFiles;
import dev.zone.datasets.format.Digests;
import dev.zone.datasets.format.ResolvedFile;
import dev.zone.launcher.bundle.Distribution;
import dev.zone.launcher.bundle.UserFiles;
import dev.zone.launcher.bundle.Versions;
import dev.zone.launcher.runs.RunId;
import dev.zone.launcher.zones.Centre;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Turns a job file into a plan: everything that it names found, checked and pinned. */
public final class Planner {
  private final Distribution distribution;
  private final Path folder;
  private final Map<String, String> environment;
  private final Clock clock;
  private final Machine machine;

  /**
   * @param folder that relative paths start from
   * @param environment may name a root of all data, {@code ZONE_DATA}, and where to remember files'
   *     digests, {@code ZONE_CACHE}
   */
  public Planner(
      Distribution distribution,
      Path folder,
      Map<String, String> environment,
      Clock clock,
      Machine machine) {
    this.distribution = distribution;
    this.folder = folder.toAbsolutePath().normalize();
    this.environment = Map.copyOf(environment);
    this.clock = clock;
    this.machine = machine;
  }

  /**
   * Plans a job.
   *
   * @throws dev.zone.conf.error.InvalidInputException with all that is wrong with the job, its
   *     dataset's descriptor, its files and the options
   * @throws dev.zone.conf.error.ZoneException of resources if the machine cannot hold the workers
   */
  public Planned plan(PlanRequest request) {
    return planFor(request, List.of());
  }

  /**
   * Plans a job for the first of some centres that can hold it.
   *
   * @param centres in the order of preference; none for this machine, or the request's master
   * @throws dev.zone.conf.error.InvalidInputException with all that is wrong with the job, its
   *     dataset's descriptor, its files and the options
   * @throws dev.zone.conf.error.ZoneException of resources if no centre can ever hold the workers
   */
  public Planned planFor(PlanRequest request, List<Centre> centres) {
    Problems problems = new Problems();
    DataFolders folders =
        DataFolders.of(
            request.data(), Optional.ofNullable(environment.get("ZONE_DATA")), folder, problems);
    Optional<Input> read = read(request, true, problems);
    Optional<Path> data =
        read.filter(input -> !input.dataset().isGenerated())
            .flatMap(
                input ->
                    input
                        .registered()
                        .map(RegisteredData::folder)
                        .or(() -> folders.find(input.dataset(), problems)));
    List<ResolvedFile> files =
        data.map(
                path ->
                    DatasetFiles.resolve(read.orElseThrow().dataset(), path, digests(), problems))
            .orElseGet(List::of);
    problems.throwIfAny();
    Input input = read.orElseThrow();
    ResourceSpec resources = input.job().resources();
    if (centres.isEmpty()) {
      machine.requireRoomFor(resources, input.master().isLocal());
      PlanSpec plan =
          pin(
              input,
              data,
              files,
              machine.backend(input.job(), input.master().isLocal()),
              input.master());
      return new Planned(plan, input.modelFile(), input.start(), input.master(), Optional.empty());
    }
    CentreChoice choice = new CentreChoice(machine, input.job());
    CentreChoice.Chosen chosen = choice.choose(centres);
    Centre centre = chosen.centre();
    Master master = Master.of(centre.spec(), resources.workers());
    BackendSpec backend = choice.backend(centre.spec(), chosen.given());
    PlanSpec plan = pin(input, data, files, backend, master);
    return new Planned(plan, input.modelFile(), input.start(), master, Optional.of(centre));
  }

  /**
   * A run of a plan that was made before.
   *
   * @param folder with the plan and the model's files
   * @throws dev.zone.conf.error.InvalidInputException if its data are not what they were
   */
  public Planned again(Path folder, Centre centre) {
    Planned planned = RunFiles.again(folder, centre);
    PlanSpec plan = planned.plan();
    Problems problems = new Problems();
    plan.dataRoot()
        .ifPresent(
            root ->
                PlannedData.check(
                    plan, root, digests(), "Cannot run " + plan.job().name() + ": ", problems));
    problems.throwIfAny();
    return planned.with(
        plan.ofRun(
            RunId.of(plan.job().name(), clock, new SecureRandom()),
            clock.instant().truncatedTo(ChronoUnit.MILLIS).toString()));
  }

  /** As {@link #plan}, without the data. */
  public void check(PlanRequest request, Problems problems) {
    Problems own = new Problems();
    read(request, false, own);
    problems.addAll(own);
  }

  /**
   * What is written: the job, and what it names apart from data.
   *
   * @param registered the dataset, if it is a registry's
   */
  private record Input(
      JobSpec job,
      DatasetSpec dataset,
      Optional<RegisteredData> registered,
      Optional<Path> modelFile,
      Optional<StartFile> start,
      Master master) {}

  /**
   * Empty if there is no job or no descriptor to go on with; other problems do not end it.
   *
   * @param registry whether the registry is asked for the dataset
   */
  private Optional<Input> read(PlanRequest request, boolean registry, Problems problems) {
    Optional<Bound<JobSpec>> bound = readJob(request, problems);
    Optional<StartFile> start =
        request.from().flatMap(from -> StartFile.find(from, folder, problems));
    if (bound.isEmpty()) {
      return Optional.empty();
    }
    Bound<JobSpec> job = bound.get();
    Path jobFolder = folder.resolve(request.job()).toAbsolutePath().normalize().getParent();
    DatasetName named = job.value().dataset();
    Optional<RegisteredData> registered =
        named.version().isPresent() || registry && !servesAsTheyLie(request, named)
            ? RegisteredData.find(
                named,
                RegistryPlace.of(Optional.empty(), environment, folder),
                job.locations().of("dataset"),
                problems)
            : Optional.empty();
    boolean plain = registered.isEmpty() && named.version().isEmpty();
    Optional<Bound<DatasetSpec>> dataset =
        plain ? readDataset(job, jobFolder, problems) : registered.map(RegisteredData::descriptor);
    JobRules.check(job.value(), job.locations(), problems);
    dataset.ifPresent(
        one -> {
          // That of a version was checked when the dataset was made.
          if (plain) {
            DatasetRules.check(one.value(), one.locations(), problems);
          }
          JobRules.checkAgainst(job.value(), one.value(), job.locations(), problems);
        });
    String modelAt = job.locations().of("model");
    Optional<Path> modelFile =
        job.value()
            .model()
            .file()
            .flatMap(name -> ModelFiles.find(name, modelAt, jobFolder, problems));
    int workers = job.value().resources().workers();
    Master master =
        request
            .master()
            .flatMap(url -> Master.parse(url, workers, machine.processors(), problems))
            .orElseGet(() -> Master.local(workers));
    return dataset.map(
        one -> new Input(job.value(), one.value(), registered, modelFile, start, master));
  }

  /** Whether somebody says where the dataset's plain files are. */
  private static boolean servesAsTheyLie(PlanRequest request, DatasetName dataset) {
    return request.data().stream()
        .anyMatch(option -> option.indexOf('=') < 0 || option.startsWith(dataset.path() + "="));
  }

  private Optional<Bound<JobSpec>> readJob(PlanRequest request, Problems problems) {
    List<Setting> settings = new ArrayList<>();
    for (String text : request.settings()) {
      Setting.parse(text, problems).ifPresent(settings::add);
    }
    request
        .workers()
        .ifPresent(
            n -> settings.add(new Setting("resources.workers", Integer.toString(n), "--workers")));
    Path file = folder.resolve(request.job());
    if (!Files.exists(file)) {
      problems.add(
          "",
          "Cannot find the job file: "
              + request.job()
              + Names.suggestion(String.valueOf(file.getFileName()), ModelFiles.namesBeside(file))
              + " (expected a YAML file)");
      return Optional.empty();
    }
    return YamlBinder.read(UserFiles.shown(file), JobSpec.class, settings, problems);
  }

  private Optional<Bound<DatasetSpec>> readDataset(
      Bound<JobSpec> job, Path jobFolder, Problems problems) {
    Descriptors descriptors = new Descriptors(jobFolder, distribution.roots());
    Optional<Bound<DatasetSpec>> dataset =
        descriptors
            .find(job.value().dataset(), job.locations().of("dataset"), problems)
            .flatMap(
                file ->
                    YamlBinder.read(UserFiles.shown(file), DatasetSpec.class, List.of(), problems));
    dataset
        .filter(one -> !one.value().name().path().equals(job.value().dataset().path()))
        .ifPresent(
            one ->
                problems.add(
                    one.locations().of("name"),
                    "Cannot use the descriptor: its name is "
                        + one.value().name()
                        + " (expected "
                        + job.value().dataset().path()
                        + ", as its file is named)"));
    return dataset;
  }

  private Digests digests() {
    return CacheFolder.of(environment).map(Digests::cachedIn).orElseGet(Digests::uncached);
  }

  private PlanSpec pin(
      Input input,
      Optional<Path> data,
      List<ResolvedFile> files,
      BackendSpec backend,
      Master master) {
    JobSpec job = input.job();
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    return new PlanSpec(
        PlanSpec.FORMAT,
        RunId.of(job.name(), clock, new SecureRandom()),
        job,
        input.dataset(),
        data.map(Path::toString),
        files.stream()
            .map(file -> new PlanSpec.PlannedFile(file.name(), file.bytes(), file.sha256()))
            .toList(),
        DatasetFiles.datasetDigest(input.dataset(), files),
        input.modelFile().map(file -> file.getFileName().toString()),
        job.resources().workers(),
        backend,
        distribution.classPathDigest(),
        versions(),
        now.toString(),
        input.start().map(StartFile::spec),
        Optional.of(master.url()),
        input.registered().map(RegisteredData::findings).orElse(List.of()));
  }

  /** Of what this distribution is made of, by name. */
  static Map<String, String> versions() {
    Versions versions = Versions.ofThisBuild();
    Map<String, String> named = new LinkedHashMap<>();
    named.put("zone", versions.zone());
    named.put("spark", versions.spark());
    named.put("dl4j", versions.dl4j());
    named.put("java", Runtime.version().toString());
    return named;
  }
}
