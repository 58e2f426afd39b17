package dev.zone.conf;

import dev.zone.conf.yaml.YamlNames;

/** What must hold between a job's windows, its task, its model and its training. */
final class WindowRules {
  private final JobSpec job;
  private final WindowSpec windows;
  private final Rules rules;

  private WindowRules(JobSpec job, WindowSpec windows, Rules rules) {
    this.job = job;
    this.windows = windows;
    this.rules = rules;
  }

  static void check(JobSpec job, Rules rules) {
    job.windows()
        .ifPresentOrElse(
            windows -> new WindowRules(job, windows, rules).check(),
            () ->
                job.training()
                    .tbpttLength()
                    .ifPresent(
                        length ->
                            refuseTruncation(
                                length, "windows in the job, with targets each", rules)));
  }

  private void check() {
    if (windows.length() % windows.average() != 0) {
      rules.refuse(
          "windows.average", windows.average(), "a divisor of windows.length: " + windows.length());
    }
    if (job.task() instanceof TaskSpec.Regression) {
      windows
          .anyRow()
          .ifPresent(
              name ->
                  rules.refuse("windows.anyRow", name, "none in a regression: it has no classes"));
    }
    checkMask();
    if (windows.targets() == WindowSpec.Targets.EACH) {
      checkEach();
    }
    job.training().tbpttLength().ifPresent(this::checkTruncation);
  }

  /** Whether the model goes from step to step, as far as can be told without a file. */
  private boolean goesByStep() {
    ModelSpec model = job.model();
    return model instanceof ModelSpec.Lstm
        || model instanceof ModelSpec.Bilstm
        || model.file().isPresent();
  }

  private void checkMask() {
    boolean overImages =
        job.model() instanceof ModelSpec.Cnn || job.model() instanceof ModelSpec.Resnet;
    if (windows.pad() == WindowSpec.Pad.MASK && !overImages && !goesByStep()) {
      rules.refuse(
          "windows.pad",
          "mask",
          "first or drop, because "
              + YamlNames.of(job.model())
              + " looks at every step of a window; lstm and bilstm take mask");
    }
  }

  private void checkEach() {
    windows
        .anyRow()
        .ifPresent(
            name ->
                rules.refuse(
                    "windows.anyRow", name, "none with targets each: every row has its own label"));
    if (windows.average() > 1) {
      rules.refuse(
          "windows.average", windows.average(), "1 with targets each: every row is a step");
    }
    if (windows.pad() == WindowSpec.Pad.FIRST) {
      rules.refuse(
          "windows.pad",
          "first",
          "mask or drop with targets each: a repeated row has no target of its own");
    }
    if (windows.length() == 1) {
      rules.refuse("windows.length", 1, "2 or more with targets each");
    }
    if (!goesByStep()) {
      rules.refuse(
          "windows.targets",
          "each",
          "last, because "
              + YamlNames.of(job.model())
              + " puts out one prediction a window; lstm and bilstm take each");
    }
  }

  private void checkTruncation(int length) {
    if (windows.targets() != WindowSpec.Targets.EACH) {
      refuseTruncation(length, "windows.targets each: a piece needs targets of its own", rules);
    } else if (job.model() instanceof ModelSpec.Bilstm) {
      refuseTruncation(length, "none for bilstm, which reads windows from their end too", rules);
    } else if (length >= windows.length()) {
      refuseTruncation(length, "fewer steps than windows.length: " + windows.length(), rules);
    }
  }

  private static void refuseTruncation(int length, String expected, Rules rules) {
    rules.refuse("training.tbpttLength", length, expected);
  }
}
