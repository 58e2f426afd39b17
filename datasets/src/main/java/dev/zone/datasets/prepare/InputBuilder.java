package dev.zone.datasets.prepare;

import dev.zone.conf.ColumnSpec;
import dev.zone.conf.DatasetSpec;
import dev.zone.conf.InputSpec;
import dev.zone.conf.JobSpec;
import dev.zone.conf.TransformSpec;
import dev.zone.conf.error.Names;
import dev.zone.conf.error.Problems;
import dev.zone.datasets.Column;
import dev.zone.datasets.ColumnPattern;
import dev.zone.datasets.NumberColumn;
import dev.zone.datasets.Table;
import dev.zone.datasets.TensorColumn;
import dev.zone.datasets.transform.Field;
import dev.zone.datasets.transform.Pipeline;
import dev.zone.datasets.transform.RowSource;
import dev.zone.datasets.transform.RowTargets;
import dev.zone.datasets.transform.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Chooses the columns of a job's inputs and fits their transforms on the training rows. */
final class InputBuilder {
  private final JobSpec job;
  private final DatasetSpec dataset;
  private final Table table;
  private final Problems problems;

  InputBuilder(JobSpec job, DatasetSpec dataset, Table table, Problems problems) {
    this.job = job;
    this.dataset = dataset;
    this.table = table;
    this.problems = problems;
  }

  /** Columns of one of the job's inputs. */
  record Chosen(
      List<TransformSpec> transforms,
      String where,
      List<Features.Named> columns,
      Optional<Double> smooth) {
    boolean isTensor() {
      return columns.size() == 1 && columns.get(0).column() instanceof TensorColumn;
    }
  }

  /** The columns of each input; nothing useful if there were problems. */
  List<Chosen> choose() {
    List<Chosen> chosen = new ArrayList<>();
    for (int i = 0; i < job.inputs().size(); i++) {
      InputSpec spec = job.inputs().get(i);
      String where = "inputs[" + i + "]";
      List<Features.Named> columns = columns(spec, where);
      long tensors = columns.stream().filter(each -> each.column() instanceof TensorColumn).count();
      if (tensors > 0 && columns.size() > 1) {
        problems.add(
            where, "Cannot join tensors with other columns in one input (expected an input each)");
      } else if (tensors > 0 && job.windows().isPresent()) {
        problems.add(
            where,
            "Cannot cut windows of tensor '%s' (expected numbers or categories)"
                .formatted(columns.get(0).name()));
      } else if (!columns.isEmpty()) {
        chosen.add(smoothed(new Chosen(spec.transforms(), where, columns, Optional.empty())));
      }
    }
    return chosen;
  }

  /** Replaces columns by their averages along the series, if that is their first transform. */
  private Chosen smoothed(Chosen chosen) {
    List<TransformSpec> transforms = chosen.transforms();
    boolean first = !transforms.isEmpty() && transforms.get(0) instanceof TransformSpec.Smooth;
    long count = transforms.stream().filter(TransformSpec.Smooth.class::isInstance).count();
    if (count > (first ? 1 : 0) || (first && job.windows().isEmpty())) {
      problems.add(
          chosen.where(),
          "Cannot smooth: no series, or other transforms before (expected smooth first, in a job that cuts windows)");
      return chosen;
    }
    if (!first) {
      return chosen;
    }
    double weight = ((TransformSpec.Smooth) transforms.get(0)).weight();
    Smoothing smoothing = new Smoothing(table, job.windows().orElseThrow(), weight, problems);
    List<Features.Named> columns = new ArrayList<>();
    for (Features.Named named : chosen.columns()) {
      if (named.column() instanceof NumberColumn numbers) {
        columns.add(new Features.Named(named.name() + " smoothed", smoothing.of(numbers)));
      } else {
        problems.add(
            chosen.where(),
            "Cannot smooth column '%s': it is no number (expected numbers)"
                .formatted(named.name()));
      }
    }
    return new Chosen(
        transforms.subList(1, transforms.size()), chosen.where(), columns, Optional.of(weight));
  }

  private List<Features.Named> columns(InputSpec spec, String where) {
    Set<String> names = new LinkedHashSet<>();
    List<String> wanted =
        spec.columns().orElseGet(() -> spec.column().map(List::of).orElse(List.of()));
    for (String each : wanted) {
      boolean remove = each.startsWith("!");
      String pattern = remove ? each.substring(1) : each;
      List<String> matches = matches(pattern);
      if (matches.isEmpty()) {
        problems.add(
            where,
            ColumnPattern.isPattern(pattern)
                ? "Cannot find columns '%s' among the inputs of the dataset".formatted(pattern)
                : "Cannot find column '%s' in the dataset%s"
                    .formatted(pattern, Names.suggestion(pattern, table.columns().keySet())));
      } else if (remove) {
        matches.forEach(names::remove);
      } else {
        names.addAll(matches);
      }
    }
    List<Features.Named> columns = new ArrayList<>();
    for (String name : names) {
      if (mayBeInput(name, where)) {
        columns.add(new Features.Named(name, table.column(name).orElseThrow()));
      }
    }
    if (columns.isEmpty() && problems.isEmpty()) {
      problems.add(where, "Cannot make an input without columns (expected one or more)");
    }
    return columns;
  }

  private List<String> matches(String pattern) {
    if (!ColumnPattern.isPattern(pattern)) {
      return table.column(pattern).isPresent() ? List.of(pattern) : List.of();
    }
    ColumnPattern columns = new ColumnPattern(pattern);
    return table.columns().keySet().stream()
        .filter(columns::matches)
        .filter(name -> role(name) == ColumnSpec.Role.INPUT)
        .toList();
  }

  /** Derived columns are inputs. */
  private ColumnSpec.Role role(String name) {
    ColumnSpec exact = dataset.columns().get(name);
    if (exact != null) {
      return exact.role();
    }
    return dataset.columns().entrySet().stream()
        .filter(
            each ->
                ColumnPattern.isPattern(each.getKey())
                    && new ColumnPattern(each.getKey()).matches(name))
        .map(Map.Entry::getValue)
        .map(ColumnSpec::role)
        .findFirst()
        .orElse(ColumnSpec.Role.INPUT);
  }

  private boolean mayBeInput(String name, String where) {
    ColumnSpec.Role role = role(name);
    boolean label = role == ColumnSpec.Role.LABEL || job.task().labels().contains(name);
    if (label || role == ColumnSpec.Role.IDENTIFIER) {
      problems.add(
          where,
          "Cannot use column '%s' as an input: it is %s (expected what is known before)"
              .formatted(name, label ? "a label" : "an identifier"));
      return false;
    }
    return true;
  }

  /** The model's inputs, fitted; nothing useful if there were problems. */
  List<ModelInput> fit(List<Chosen> chosen, Examples training, Labels labels) {
    int[] rows = training.order();
    List<ModelInput> inputs = new ArrayList<>();
    List<ModelInput.Part> joined = new ArrayList<>();
    int joinedAt = -1;
    for (Chosen each : chosen) {
      Optional<ModelInput.Part> part = fit(each, rows, labels);
      if (part.isEmpty()) {
        continue;
      }
      if (each.isTensor()) {
        inputs.add(
            new ModelInput(each.columns().get(0).name(), List.of(part.get()), Optional.empty()));
      } else {
        joinedAt = joinedAt < 0 ? inputs.size() : joinedAt;
        joined.add(part.get());
      }
    }
    if (joinedAt >= 0) {
      List<String> names = joined.stream().flatMap(part -> part.columns().stream()).toList();
      inputs.add(
          joinedAt,
          new ModelInput(
              names.size() == 1 ? names.get(0) : "features",
              joined,
              job.windows().map(ModelInput.Window::of)));
    }
    return inputs;
  }

  private Optional<ModelInput.Part> fit(Chosen chosen, int[] rows, Labels labels) {
    List<TransformSpec> ofRows = new ArrayList<>(chosen.transforms());
    List<TransformSpec> ofWindows = new ArrayList<>();
    if (job.windows().isPresent()) {
      // Only what normalises each window alone can come after the cut: it learns nothing.
      while (!ofRows.isEmpty()
          && ofRows.get(ofRows.size() - 1) instanceof TransformSpec.NormaliseEach) {
        ofWindows.add(ofRows.remove(ofRows.size() - 1));
      }
      if (ofRows.stream().anyMatch(TransformSpec.NormaliseEach.class::isInstance)) {
        problems.add(
            chosen.where(),
            "Cannot normalise each window before other transforms (expected normaliseEach last)");
        return Optional.empty();
      }
    }
    Features features =
        chosen.isTensor()
            ? Features.ofTensor(
                chosen.columns().get(0).name(), (TensorColumn) chosen.columns().get(0).column())
            : Features.ofFields(chosen.columns(), rows);
    int before = problems.count();
    Pipeline row =
        Pipeline.fit(
            ofRows,
            features.shape(),
            features.rows(rows),
            new Targets(rows, labels),
            problems,
            chosen.where());
    if (problems.count() > before) {
      return Optional.empty();
    }
    if (row.out().elements() == 0) {
      problems.add(chosen.where(), "Cannot use an input of which the transforms leave no column");
      return Optional.empty();
    }
    Optional<Pipeline> window =
        ofWindows.isEmpty()
            ? Optional.empty()
            : Optional.of(fitWindow(ofWindows, row.out().fields(), chosen.where()));
    List<String> names = chosen.columns().stream().map(Features.Named::name).toList();
    return Optional.of(new ModelInput.Part(names, chosen.smooth(), features, row, window));
  }

  private Pipeline fitWindow(List<TransformSpec> specs, List<Field> fields, String where) {
    Shape shape = Shape.window(fields, job.windows().orElseThrow().length());
    // What normalises each window learns nothing, but fitting wants an example.
    RowSource blank =
        new RowSource() {
          @Override
          public int count() {
            return 1;
          }

          @Override
          public void read(int row, float[] into) {
            Arrays.fill(into, 0);
          }
        };
    RowTargets targets =
        new RowTargets() {
          @Override
          public double target(int row) {
            throw new IndexOutOfBoundsException(row);
          }

          @Override
          public int classes() {
            return 0;
          }
        };
    return Pipeline.fit(specs, shape, blank, targets, problems, where);
  }

  /** Labels of the training rows; for several labels, the first. */
  private static final class Targets implements RowTargets {
    private final int[] rows;
    private final Labels labels;

    Targets(int[] rows, Labels labels) {
      this.rows = rows;
      this.labels = labels;
    }

    @Override
    public double target(int row) {
      return Math.min(labels.cap(), labels.value(rows[row], 0));
    }

    @Override
    public int classes() {
      return labels.isRegression() ? 0 : Math.max(2, labels.classCount());
    }
  }

  /** Names of all columns the inputs use, with their columns. */
  static List<Features.Named> all(List<Chosen> chosen) {
    Map<String, Column> all = new LinkedHashMap<>();
    for (Chosen each : chosen) {
      each.columns().forEach(named -> all.put(named.name(), named.column()));
    }
    return all.entrySet().stream()
        .map(each -> new Features.Named(each.getKey(), each.getValue()))
        .toList();
  }
}
