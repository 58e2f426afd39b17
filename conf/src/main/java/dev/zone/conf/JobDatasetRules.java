package dev.zone.conf;

import dev.zone.conf.ColumnSpec.Role;
import dev.zone.conf.ColumnSpec.Type;
import dev.zone.conf.SplitSpec.Split;
import dev.zone.conf.error.Names;
import dev.zone.conf.yaml.YamlNames;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What must hold between a job and the descriptor of its dataset. */
final class JobDatasetRules {
  private static final ColumnSpec DERIVED =
      new ColumnSpec(
          Type.NUMBER,
          Role.INPUT,
          Optional.empty(),
          Optional.empty(),
          Map.of(),
          Optional.empty(),
          true,
          Optional.empty(),
          Optional.empty());

  private final JobSpec job;
  private final DatasetSpec dataset;
  private final Rules rules;
  private final DatasetColumns columns;

  /** The dataset's columns and the derived ones, from which inputs are taken. */
  private final DatasetColumns inputs;

  JobDatasetRules(JobSpec job, DatasetSpec dataset, Rules rules) {
    this.job = job;
    this.dataset = dataset;
    this.rules = rules;
    this.columns = new DatasetColumns(dataset.columns());
    Map<String, ColumnSpec> all = new LinkedHashMap<>(dataset.columns());
    job.derive().keySet().forEach(name -> all.putIfAbsent(name, DERIVED));
    this.inputs = new DatasetColumns(all);
  }

  void check() {
    checkDerived();
    checkLabels();
    checkSplit();
    checkWindows();
    for (int i = 0; i < job.inputs().size(); i++) {
      String path = "inputs." + i;
      Map<String, ColumnSpec> taken = checkInput(job.inputs().get(i), path);
      new InputTypes(job, job.inputs().get(i), path, taken, rules).check();
    }
    checkAugmentation();
  }

  private void checkDerived() {
    job.derive()
        .forEach(
            (name, derived) -> {
              String path = "derive." + name;
              if (columns.find(name).isPresent()) {
                rules.refuse(path, name, "a name that no column of the dataset has");
              }
              for (int i = 0; i < derived.columns().size(); i++) {
                String at = path + "." + YamlNames.of(derived) + ".columns." + i;
                String from = derived.columns().get(i);
                columns
                    .require(from, at, rules)
                    .ifPresent(column -> checkDerivedFrom(column, from, at));
              }
            });
  }

  private void checkDerivedFrom(ColumnSpec column, String name, String path) {
    if (column.role() != Role.INPUT || column.type() != Type.NUMBER) {
      rules.refuse(path, name, "an input column of numbers, not " + shown(column));
    }
  }

  private void checkLabels() {
    List<String> labels = job.task().labels();
    for (int i = 0; i < labels.size(); i++) {
      String path = job.task() instanceof TaskSpec.Multilabel ? "task.labels." + i : "task.label";
      String label = labels.get(i);
      columns.require(label, path, rules).ifPresent(column -> checkLabel(column, label, path));
    }
  }

  private void checkLabel(ColumnSpec column, String label, String path) {
    if (job.task() instanceof TaskSpec.Regression) {
      if (column.type() != Type.NUMBER || !column.classes().isEmpty()) {
        rules.refuse(path, label, "a column of numbers for a regression, not " + shown(column));
      }
      return;
    }
    int classes = column.classes().size();
    boolean two = !(job.task() instanceof TaskSpec.Multiclass);
    if (classes < 2) {
      rules.refuse(path, label, "a column whose classes the dataset declares");
    } else if (two && classes != 2) {
      rules.refuse(path, label, "a column of 2 classes, not of " + classes);
    }
    if (job.task() instanceof TaskSpec.Binary binary) {
      binary
          .positive()
          .filter(name -> !column.classes().containsValue(name))
          .ifPresent(name -> refuseClass("task.positive", name, column));
    }
    job.windows()
        .flatMap(WindowSpec::anyRow)
        .filter(name -> !column.classes().containsValue(name))
        .ifPresent(name -> refuseClass("windows.anyRow", name, column));
  }

  private void refuseClass(String path, String name, ColumnSpec column) {
    rules.refuseName(
        path,
        name,
        "one of the label's classes " + String.join(", ", column.classes().values()),
        column.classes().values());
  }

  private void checkSplit() {
    job.split()
        .ifPresent(
            split -> {
              SplitRules.checkColumns(split, "split", columns, rules);
              SplitRules.checkGiven(split, "split", dataset.source(), rules);
            });
    SplitSpec split = job.split().orElse(dataset.split());
    boolean validated =
        split.validation() > 0
            || split.given().contains(Split.VALIDATION)
            || job.evaluation().crossValidation().isPresent();
    if (!validated) {
      JobRules.needsValidation(job)
          .ifPresent(
              path ->
                  rules.refuse(
                      path, "no validation split", "split.validation above 0, or none of this"));
    }
  }

  private void checkWindows() {
    job.windows()
        .ifPresent(
            windows -> {
              windows.group().ifPresent(name -> columns.require(name, "windows.group", rules));
              windows
                  .time()
                  .flatMap(name -> columns.require(name, "windows.time", rules))
                  .filter(column -> column.type() != Type.NUMBER && column.type() != Type.TIMESTAMP)
                  .ifPresent(
                      column ->
                          rules.refuse(
                              "windows.time",
                              windows.time().orElseThrow(),
                              "a column of numbers or timestamps, not " + shown(column)));
            });
  }

  /** The columns, or patterns of such, that an input takes. */
  private Map<String, ColumnSpec> checkInput(InputSpec input, String path) {
    Map<String, ColumnSpec> taken = new LinkedHashMap<>();
    input.column().ifPresent(name -> take(name, path + ".column", taken));
    List<String> names = input.columns().orElse(List.of());
    List<String> out = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      String at = path + ".columns." + i;
      if (name.startsWith("!")) {
        String without = name.substring(1);
        out.add(without);
        if (inputs.names().stream().noneMatch(known -> ColumnPatterns.overlap(without, known))) {
          refuseUnknown(at, name, without);
        }
      } else {
        take(name, at, taken);
      }
    }
    taken
        .keySet()
        .removeIf(
            name ->
                !ColumnPatterns.isPattern(name)
                    && out.stream().anyMatch(pattern -> ColumnPatterns.matches(pattern, name)));
    if (taken.isEmpty() && !out.isEmpty()) {
      rules.refuse(path + ".columns", "none left", "at least one column");
    }
    return taken;
  }

  private void take(String name, String path, Map<String, ColumnSpec> taken) {
    if (ColumnPatterns.isPattern(name)) {
      Map<String, ColumnSpec> found = inputs.inputsLike(name);
      if (found.isEmpty()) {
        refuseUnknown(path, name, name.replace("*", ""));
      }
      taken.putAll(found);
      return;
    }
    Optional<ColumnSpec> found = inputs.find(name);
    if (found.isEmpty()) {
      refuseUnknown(path, name, name);
    } else if (found.get().role() != Role.INPUT) {
      // The task's own label is told by the rules of the job alone.
      if (!job.task().labels().contains(name)) {
        rules.refuse(path, name, "a column whose role is input, not " + shown(found.get()));
      }
    } else {
      taken.put(name, found.get());
    }
  }

  private void refuseUnknown(String path, String name, String alike) {
    List<String> candidates = inputs.names();
    String hint = Names.suggestion(alike, candidates);
    rules
        .problems()
        .add(
            rules.at().of(path),
            "Cannot use "
                + path
                + ": "
                + name
                + " (expected one of the dataset's columns "
                + inputs.shown()
                + ")"
                + hint);
  }

  private void checkAugmentation() {
    boolean images =
        job.inputs().stream()
            .flatMap(input -> input.column().stream())
            .flatMap(name -> inputs.find(name).stream())
            .anyMatch(column -> column.shape().map(shape -> shape.size() >= 2).orElse(false));
    for (int i = 0; i < job.augmentation().size(); i++) {
      AugmentationSpec augmentation = job.augmentation().get(i);
      boolean needsImages =
          augmentation instanceof AugmentationSpec.Flip
              || augmentation instanceof AugmentationSpec.Rotate
              || augmentation instanceof AugmentationSpec.Shift
              || augmentation instanceof AugmentationSpec.Zoom
              || augmentation instanceof AugmentationSpec.Brightness;
      if (needsImages && !images && job.windows().isEmpty()) {
        rules.refuse("augmentation." + i, YamlNames.of(augmentation), "an input that is an image");
      }
    }
  }

  private static String shown(ColumnSpec column) {
    return column.role() == Role.INPUT
        ? "of type " + DatasetColumns.word(column.type())
        : "of type "
            + DatasetColumns.word(column.type())
            + " and role "
            + DatasetColumns.word(column.role());
  }
}
