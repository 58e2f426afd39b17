package dev.zone.datasets.prepare;

import dev.zone.conf.ColumnSpec;
import dev.zone.conf.DatasetSpec;
import dev.zone.conf.EvaluationSpec;
import dev.zone.conf.JobSpec;
import dev.zone.conf.SplitSpec;
import dev.zone.conf.SplitSpec.Split;
import dev.zone.conf.TaskSpec;
import dev.zone.conf.WindowSpec;
import dev.zone.conf.error.Problems;
import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.RowSplits;
import dev.zone.datasets.Table;
import dev.zone.datasets.format.DatasetFiles;
import dev.zone.datasets.format.Digests;
import dev.zone.datasets.format.Limits;
import dev.zone.datasets.format.ResolvedFile;
import dev.zone.datasets.format.TableReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes a dataset's files into a job's examples, or finds them made already. Keeps the last table
 * it read, for the next fold. For one thread; works with two itself.
 */
public final class Preparer {
  private Optional<Loaded> loaded = Optional.empty();

  private record Loaded(String datasetDigest, Table table) {}

  /**
   * Prepares examples in {@code <cache>/<key>/}. A folder appears there whole or not at all; of two
   * that write the same key at the same time both succeed.
   *
   * @param problems receives all that is wrong with data and job, with file and row
   * @return empty if there were problems
   * @throws ZoneException of kind ENVIRONMENT if storage fails or has no room
   */
  public Optional<PreparedData> prepare(PreparationRequest request, Problems problems) {
    Problems own = new Problems();
    try {
      return prepareUnlessWrong(request, own);
    } finally {
      problems.addAll(own);
    }
  }

  private Optional<PreparedData> prepareUnlessWrong(PreparationRequest request, Problems problems) {
    DatasetSpec dataset = request.dataset();
    Path data = request.dataFolder().orElse(Path.of(""));
    List<ResolvedFile> files =
        DatasetFiles.resolve(dataset, data, Digests.cachedIn(request.cache()), problems);
    if (!problems.isEmpty()) {
      return Optional.empty();
    }
    String digest = DatasetFiles.datasetDigest(dataset, files);
    if (request.plannedDigest().isPresent() && !request.plannedDigest().get().equals(digest)) {
      problems.add(
          "",
          "Cannot use the data of %s: they changed since the job was planned (digest %s, expected %s)"
              .formatted(dataset.name(), digest, request.plannedDigest().get()));
      return Optional.empty();
    }
    SplitSpec split = request.job().split().orElse(dataset.split());
    String key = PreparationKey.of(request.job(), split, digest, request.portion());
    PreparedFolder folder = new PreparedFolder(request.cache(), key);
    Optional<PreparedData> there = folder.open();
    if (there.isPresent()) {
      return there;
    }
    Optional<Table> table = load(dataset, data, digest, problems);
    if (table.isEmpty()) {
      return Optional.empty();
    }
    Optional<Assembly> assembly = assemble(request, split, table.get(), problems);
    if (assembly.isEmpty()) {
      return Optional.empty();
    }
    return folder.write(
        temporary -> new PreparedWriter(assembly.get(), temporary, problems).write(digest, key),
        assembly.get().bytes());
  }

  private Optional<Table> load(DatasetSpec dataset, Path data, String digest, Problems problems) {
    if (loaded.isPresent() && loaded.get().datasetDigest().equals(digest)) {
      return Optional.of(loaded.get().table());
    }
    loaded = Optional.empty();
    Optional<Table> table = TableReader.read(dataset, data, Limits.DEFAULT, problems);
    loaded = table.map(read -> new Loaded(digest, read));
    return table;
  }

  private static Optional<Assembly> assemble(
      PreparationRequest request, SplitSpec declared, Table read, Problems problems) {
    JobSpec job = request.job();
    Table table = Derivations.add(read, job.derive(), problems);
    Optional<Labels> labels = Labels.of(job.task(), job.windows(), table, problems);
    InputBuilder builder = new InputBuilder(job, request.dataset(), table, problems);
    List<InputBuilder.Chosen> chosen = builder.choose();
    SplitSpec split = keepSeries(declared, job.windows(), request.portion(), problems);
    if (!problems.isEmpty()) {
      return Optional.empty();
    }
    boolean classes =
        job.task() instanceof TaskSpec.Binary || job.task() instanceof TaskSpec.Multiclass;
    RowSplits splits =
        new Splitter(table, split, problems)
            .assign(
                request.portion(),
                classes ? Optional.of(job.task().labels().get(0)) : Optional.empty(),
                heldOut(job));
    if (!problems.isEmpty()) {
      return Optional.empty();
    }
    Map<Split, Examples> examples = examples(table, splits, job.windows(), problems);
    checkSplits(split, request.portion(), examples, problems);
    if (!problems.isEmpty()) {
      return Optional.empty();
    }
    List<ModelInput> inputs = builder.fit(chosen, examples.get(Split.TRAIN), labels.orElseThrow());
    if (!problems.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Assembly(
            job,
            request.dataset(),
            table,
            labels.orElseThrow(),
            splits,
            examples,
            inputs,
            groups(request.dataset(), job),
            InputBuilder.all(chosen)));
  }

  /** Rows of a series are never drawn apart: their windows would overlap across splits. */
  private static SplitSpec keepSeries(
      SplitSpec split, Optional<WindowSpec> windows, Portion portion, Problems problems) {
    boolean drawn =
        !(portion instanceof Portion.Declared)
            || (split.time().isEmpty() && split.validation() + split.test() > 0);
    if (windows.isEmpty() || split.group().isPresent() || !drawn) {
      return split;
    }
    if (windows.get().group().isEmpty()) {
      problems.add(
          "split",
          "Cannot cut windows from rows that are drawn one by one (expected split: {group: …} or {time: …})");
      return split;
    }
    return new SplitSpec(
        split.given(),
        split.validation(),
        split.test(),
        windows.get().group(),
        split.stratify(),
        split.time(),
        split.seed());
  }

  /** Share of the training rows that a cross-validation holds out for validation. */
  static double heldOut(JobSpec job) {
    return job.evaluation()
        .crossValidation()
        .map(EvaluationSpec.CrossValidationSpec::validation)
        .orElse(0.1);
  }

  private static Map<Split, Examples> examples(
      Table table, RowSplits splits, Optional<WindowSpec> windows, Problems problems) {
    Map<Split, Examples> examples = new EnumMap<>(Split.class);
    for (Split split : Split.values()) {
      int[] members = splits.rows(split);
      Examples made =
          windows
              .map(spec -> Examples.ofWindows(table, members, spec, split, problems))
              .orElseGet(() -> Examples.ofRows(members));
      if (made.size() > 0 || split == Split.TRAIN) {
        examples.put(split, made);
      }
    }
    return examples;
  }

  private static void checkSplits(
      SplitSpec spec, Portion portion, Map<Split, Examples> examples, Problems problems) {
    if (examples.get(Split.TRAIN).size() == 0) {
      problems.add("split", "Cannot train: the train split has no examples (expected some)");
    }
    if (!(portion instanceof Portion.Declared)) {
      return;
    }
    if (spec.validation() > 0 && !examples.containsKey(Split.VALIDATION)) {
      problems.add(
          "split.validation",
          "Cannot cut validation %s: no example is left for it".formatted(spec.validation()));
    }
    if (spec.test() > 0 && !examples.containsKey(Split.TEST)) {
      problems.add(
          "split.test", "Cannot cut test %s: no example is left for it".formatted(spec.test()));
    }
  }

  /** Columns whose values should not be in several splits. */
  private static List<String> groups(DatasetSpec dataset, JobSpec job) {
    List<String> groups = new ArrayList<>();
    dataset
        .columns()
        .forEach(
            (name, column) -> {
              if (column.role() == ColumnSpec.Role.GROUP) {
                groups.add(name);
              }
            });
    // A series cut in time's order is meant to be in all splits.
    if (job.split().orElse(dataset.split()).time().isPresent()) {
      groups.clear();
    }
    return groups;
  }
}
