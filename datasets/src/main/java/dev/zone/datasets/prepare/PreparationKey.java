package dev.zone.datasets.prepare;

import dev.zone.conf.JobSpec;
import dev.zone.conf.SplitSpec;
import dev.zone.conf.TaskSpec;
import dev.zone.conf.WindowSpec;
import dev.zone.datasets.format.Canonical;
import dev.zone.datasets.format.Digests;
import java.util.ArrayList;
import java.util.List;

/** The name of prepared data: a digest of all that decides their bytes, and of nothing else. */
final class PreparationKey {
  /** Grows with every change of code that changes what is written. */
  private static final int FORMAT = 2;

  /** Likewise, of what only masked windows have. */
  private static final String MASKED_FORMAT = "masked 1";

  private PreparationKey() {}

  static String of(JobSpec job, SplitSpec split, String datasetDigest, Portion portion) {
    List<Object> parts = new ArrayList<>();
    parts.add(FORMAT);
    parts.add(datasetDigest);
    parts.add(split);
    parts.add(job.task().getClass().getSimpleName());
    parts.add(job.task().labels());
    // What the task says of loss, scale and threshold is the model's concern.
    if (job.task() instanceof TaskSpec.Binary binary) {
      parts.add(binary.positive());
    } else if (job.task() instanceof TaskSpec.Regression regression) {
      parts.add(regression.cap());
    }
    parts.add(job.derive());
    parts.add(job.windows());
    if (job.windows().map(windows -> windows.pad() == WindowSpec.Pad.MASK).orElse(false)) {
      parts.add(MASKED_FORMAT);
    }
    parts.add(job.inputs());
    parts.add(portion);
    if (!(portion instanceof Portion.Declared)) {
      parts.add(Preparer.heldOut(job));
    }
    return Digests.ofText(Canonical.text(parts));
  }
}
