package dev.zone.conf;

import dev.zone.conf.yaml.Default;
import dev.zone.conf.yaml.Doc;
import dev.zone.conf.yaml.Size;
import java.util.List;
import java.util.Optional;

/**
 * Columns that go through the same transforms. Exactly one of {@code column} and {@code columns} is
 * given.
 */
@Doc("Columns of the dataset and what is done to them.")
public record InputSpec(
    @Doc("One column.") Optional<String> column,
    @Doc("Several columns; '*' stands for any characters, a leading '!' takes columns out again.")
        @Size(min = 1) Optional<List<String>> columns,
    @Doc("Transforms, in this order; fitted on the training split alone.") @Default("[]")
        List<TransformSpec> transforms) {
  public InputSpec {
    columns = columns.map(List::copyOf);
    transforms = List.copyOf(transforms);
  }
}
