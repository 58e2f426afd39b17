package dev.zone.conf;

import dev.zone.conf.yaml.Default;
import dev.zone.conf.yaml.Doc;
import dev.zone.conf.yaml.Matches;
import dev.zone.conf.yaml.Size;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a researcher writes: one YAML file that says everything of a training. */
@Doc("A training job.")
public record JobSpec(
    @Doc("Name of the job: lower case letters, digits, '.', '_' and '-'.")
        @Matches(
            value = "[a-z0-9][a-z0-9._-]{0,79}",
            expected =
                "1 to 80 lower case letters, digits, '.', '_' and '-', a letter or digit first")
        String name,
    @Doc("What it learns, for people.") Optional<String> description,
    @Doc(
            "The data: domain/name. A version, domain/name@3, is refused where the data are plain files, which have none.")
        DatasetName dataset,
    @Doc("Overrides how the dataset splits its rows.") Optional<SplitSpec> split,
    @Doc("What is learned.") TaskSpec task,
    @Doc("New columns computed from others in the same row, by name.") @Default("{}")
        Map<String, DeriveSpec> derive,
    @Doc("Cuts series into windows; each window is then one example.") Optional<WindowSpec> windows,
    @Doc("What the model sees. Inputs of rank 1 are joined in this order.") @Size(min = 1) List<InputSpec> inputs,
    @Doc("Random changes of training examples, in this order, repeatable by the seed.")
        @Default("[]")
        List<AugmentationSpec> augmentation,
    @Doc("The network.") ModelSpec model,
    @Doc("How it is trained.") TrainingSpec training,
    @Doc("Workers, and what each has.") @Default("{}") ResourceSpec resources,
    @Doc("What happens when a worker, a machine or a disk fails.") @Default("{}") RetrySpec retry,
    @Doc("What is reported.") @Default("{}") EvaluationSpec evaluation) {
  public JobSpec {
    derive = Copies.ordered(derive);
    inputs = List.copyOf(inputs);
    augmentation = List.copyOf(augmentation);
  }
}
