package dev.zone.datasets.prepare;

import dev.zone.conf.DatasetSpec;
import dev.zone.conf.JobSpec;
import dev.zone.conf.SplitSpec.Split;
import dev.zone.conf.WindowSpec;
import dev.zone.datasets.RowSplits;
import dev.zone.datasets.Table;
import java.util.List;
import java.util.Map;

/**
 * All that is decided before the first byte is written.
 *
 * @param splits the split of each row
 * @param groups columns whose values should not be in several splits
 * @param columns what the inputs are made of
 */
record Assembly(
    JobSpec job,
    DatasetSpec dataset,
    Table table,
    Labels labels,
    RowSplits splits,
    Map<Split, Examples> examples,
    List<ModelInput> inputs,
    List<String> groups,
    List<Features.Named> columns) {

  /** Targets an example has. */
  int targetSteps() {
    return job.windows().map(WindowSpec::targetSteps).orElse(1);
  }

  /** Bytes that the arrays will take. */
  long bytes() {
    long perExample =
        inputs.stream().mapToLong(ModelInput::elements).sum() * Float.BYTES
            + (long) labels.width() * targetSteps() * Float.BYTES
            + 2 * Integer.BYTES;
    return examples.values().stream().mapToLong(Examples::size).sum() * perExample;
  }
}
