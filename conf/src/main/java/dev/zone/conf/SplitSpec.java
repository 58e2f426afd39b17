package dev.zone.conf;

import dev.zone.conf.yaml.Default;
import dev.zone.conf.yaml.Doc;
import dev.zone.conf.yaml.Range;
import java.util.List;
import java.util.Optional;

/**
 * How rows go to train, validation and test. Rows of files that name a split stay there, if the
 * split is in {@code given}; the shares of {@code validation} and {@code test} are then cut out of
 * what is left (of {@code train}, where that is given).
 */
@Doc("How rows go to train, validation and test.")
public record SplitSpec(
    @Doc("Splits that files name: train, validation, test.") @Default("[]") List<Split> given,
    @Doc("Share of the rows (of the groups) cut out for validation.")
        @Default("0")
        @Range(min = 0, max = 0.9)
        double validation,
    @Doc("Share of the rows (of the groups) cut out for test.")
        @Default("0")
        @Range(min = 0, max = 0.9)
        double test,
    @Doc("Column whose values stay together in one split.") Optional<String> group,
    @Doc(
            "Column whose classes have the same shares in each split; with time, each class is cut by its own order.")
        Optional<String> stratify,
    @Doc(
            "Column by whose order the latest rows become test, those before them validation; nothing is drawn then.")
        Optional<String> time,
    @Doc(
            "Seed of the draw; apart from the training's seed, so that the split stays when that changes.")
        @Default("1")
        long seed) {
  public SplitSpec {
    given = List.copyOf(given);
  }

  public enum Split {
    TRAIN,
    VALIDATION,
    TEST
  }
}
