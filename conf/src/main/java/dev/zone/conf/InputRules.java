package dev.zone.conf;

import dev.zone.conf.yaml.YamlNames;
import java.util.List;

/** What must hold within a job's inputs and augmentation. */
final class InputRules {
  private final JobSpec job;
  private final Rules rules;

  private InputRules(JobSpec job, Rules rules) {
    this.job = job;
    this.rules = rules;
  }

  static void check(JobSpec job, Rules rules) {
    InputRules inputs = new InputRules(job, rules);
    for (int i = 0; i < job.inputs().size(); i++) {
      inputs.checkColumns(job.inputs().get(i), "inputs." + i);
      inputs.checkTransforms(job.inputs().get(i).transforms(), "inputs." + i + ".transforms.");
    }
    for (int i = 0; i < job.augmentation().size(); i++) {
      inputs.checkAugmentation(job.augmentation().get(i), "augmentation." + i);
    }
  }

  private void checkColumns(InputSpec input, String path) {
    if (input.column().isPresent() == input.columns().isPresent()) {
      rules.refuse(
          path,
          input.column().isPresent() ? "column and columns" : "neither column nor columns",
          "exactly one of column and columns");
    }
    input
        .column()
        .filter(ColumnPatterns::isPattern)
        .ifPresent(
            name ->
                rules.refuse(path + ".column", name, "one column's name; columns takes patterns"));
    input
        .column()
        .filter(job.task().labels()::contains)
        .ifPresent(name -> refuseLabel(path + ".column", name));
    List<String> columns = input.columns().orElse(List.of());
    if (!columns.isEmpty() && columns.get(0).startsWith("!")) {
      rules.refuse(
          path + ".columns.0", columns.get(0), "columns to take before those to take out again");
    }
    for (int c = 0; c < columns.size(); c++) {
      if (job.task().labels().contains(columns.get(c))) {
        refuseLabel(path + ".columns." + c, columns.get(c));
      }
    }
  }

  private void refuseLabel(String path, String name) {
    rules.refuse(path, name, "a column that is not the task's label");
  }

  private void checkTransforms(List<TransformSpec> transforms, String path) {
    for (int t = 0; t < transforms.size(); t++) {
      TransformSpec transform = transforms.get(t);
      String at = path + t + "." + YamlNames.of(transform);
      if (transform instanceof TransformSpec.Scale scale && scale.divideBy() == 0) {
        rules.refuse(at + ".divideBy", 0, "a number other than 0");
      }
      if (transform instanceof TransformSpec.MinMax minMax && minMax.low() >= minMax.high()) {
        rules.refuse(at, minMax.low() + " to " + minMax.high(), "low below high");
      }
      if (transform instanceof TransformSpec.Clip clip) {
        checkClip(clip, at);
      }
      if (transform instanceof TransformSpec.Select select) {
        checkSelect(select, at);
      }
    }
  }

  private void checkClip(TransformSpec.Clip clip, String path) {
    boolean bounds = clip.low().isPresent() || clip.high().isPresent();
    if (bounds == clip.sigmas().isPresent()) {
      rules.refuse(
          path, bounds ? "bounds and sigmas" : "no bounds", "either low, high or both, or sigmas");
    }
    if (clip.low().isPresent()
        && clip.high().isPresent()
        && clip.low().get() >= clip.high().get()) {
      rules.refuse(path, clip.low().get() + " to " + clip.high().get(), "low below high");
    }
  }

  private void checkSelect(TransformSpec.Select select, String path) {
    boolean oneLabelOfClasses =
        job.task() instanceof TaskSpec.Binary || job.task() instanceof TaskSpec.Multiclass;
    if (select.by() == TransformSpec.Select.By.ANOVA && !oneLabelOfClasses) {
      rules.refuse(
          path + ".by", "anova", "correlation, or a binary or multiclass task, which anova needs");
    }
    if (select.by() == TransformSpec.Select.By.CORRELATION
        && (job.task() instanceof TaskSpec.Multiclass
            || job.task() instanceof TaskSpec.Multilabel)) {
      rules.refuse(
          path + ".by", "correlation", "a binary or regression task, which correlation needs");
    }
  }

  private void checkAugmentation(AugmentationSpec augmentation, String path) {
    String name = YamlNames.of(augmentation);
    boolean ofSeries =
        augmentation instanceof AugmentationSpec.Jitter
            || augmentation instanceof AugmentationSpec.Magnitude;
    boolean ofAnything = augmentation instanceof AugmentationSpec.Noise;
    if (ofSeries && job.windows().isEmpty()) {
      rules.refuse(path, name, "windows in the job, because it changes series");
    }
    if (!ofSeries && !ofAnything && job.windows().isPresent()) {
      rules.refuse(path, name, "jitter, magnitude or noise, because the job cuts windows");
    }
    if (augmentation instanceof AugmentationSpec.Flip flip
        && !flip.horizontal()
        && !flip.vertical()) {
      rules.refuse(path + ".flip", "neither way", "horizontal, vertical or both");
    }
    if (augmentation instanceof AugmentationSpec.Rotate rotate
        && rotate.quarterTurns() == (rotate.degrees() > 0)) {
      rules.refuse(
          path + ".rotate",
          rotate.quarterTurns() ? "degrees and quarterTurns" : "no angle",
          "either degrees above 0 or quarterTurns");
    }
    if (augmentation instanceof AugmentationSpec.Brightness brightness
        && brightness.delta() == 0
        && brightness.contrast() == 0) {
      rules.refuse(path + ".brightness", "no change", "delta or contrast above 0");
    }
  }
}
