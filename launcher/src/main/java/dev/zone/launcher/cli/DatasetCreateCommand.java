package dev.zone.launcher.cli;

import com.google.gson.JsonObject;
import dev.zone.conf.DatasetRules;
import dev.zone.conf.DatasetSpec;
import dev.zone.conf.SourceSpec;
import dev.zone.conf.error.InvalidInputException;
import dev.zone.conf.error.Problems;
import dev.zone.conf.yaml.Bound;
import dev.zone.conf.yaml.YamlBinder;
import dev.zone.datasets.generate.Generators;
import dev.zone.datasets.registry.FeedReport;
import dev.zone.datasets.registry.Feeding;
import dev.zone.datasets.registry.RegisteredDataset;
import dev.zone.datasets.registry.Registry;
import dev.zone.datasets.storage.Storage;
import dev.zone.launcher.bundle.UserFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Makes a dataset of its descriptor. */
@Command(
    name = "create",
    description =
        "Makes a dataset of its descriptor, to be fed; of one whose rows are generated its version.")
final class DatasetCreateCommand implements Callable<Integer> {
  private final Context context;

  @Parameters(paramLabel = "DESCRIPTOR", description = "The dataset's YAML file.")
  private String descriptor;

  @Mixin private RegistryOption registry = new RegistryOption();
  @Mixin private OutputOptions output = new OutputOptions();

  DatasetCreateCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException {
    Checked checked = read(context.folder().resolve(descriptor));
    try (Storage storage = registry.place(context).open();
        FeedingProgress progress = new FeedingProgress(context.terminal())) {
      RegisteredDataset made = create(new Registry(storage), checked);
      Optional<FeedReport> generated =
          checked.spec().isGenerated()
              ? Optional.of(generate(made, checked.spec(), progress))
              : Optional.empty();
      progress.close();
      if (output.isJson()) {
        JsonObject json =
            generated.map(report -> FeedText.json(made, report)).orElseGet(JsonObject::new);
        json.addProperty("dataset", made.name().toString());
        json.addProperty("dir", made.folder().place(""));
        context.terminal().out().println(json);
      } else if (generated.isPresent()) {
        FeedText.print(context.terminal(), made, generated.get());
      } else {
        context.terminal().out().println(made.name());
        context
            .terminal()
            .err()
            .printf(
                "zone: it is at %s; feed it with: zone dataset feed %s FILE...%n",
                made.folder().place(""), made.name());
      }
      return 0;
    }
  }

  private RegisteredDataset create(Registry datasets, Checked checked) {
    DatasetSpec spec = checked.spec();
    if (spec.isGenerated() && datasets.has(spec.name())) {
      RegisteredDataset begun = datasets.open(spec.name());
      if (begun.descriptor().equals(checked.text()) && begun.newest().isEmpty()) {
        // Whoever made it was stopped before its rows were there.
        return begun;
      }
    }
    RegistryUser user = new RegistryUser(context);
    return datasets.create(
        spec.name(), checked.text(), user.name(), user.tenant(), context.clock().instant());
  }

  private FeedReport generate(RegisteredDataset made, DatasetSpec spec, FeedingProgress progress) {
    Problems problems = new Problems();
    RegistryUser user = new RegistryUser(context);
    Optional<FeedReport> report =
        new Feeding(made, spec, context.clock(), progress)
            .forTenant(user.tenant())
            .generate(user.name(), problems);
    problems.throwIfAny();
    return report.orElseThrow();
  }

  /**
   * A descriptor that a dataset can be made of.
   *
   * @param text to the letter
   */
  record Checked(DatasetSpec spec, String text) {}

  /**
   * Reads a descriptor and checks it.
   *
   * @throws InvalidInputException with all that is wrong with it
   */
  static Checked read(Path descriptor) {
    Path file = UserFiles.shown(descriptor);
    Problems problems = new Problems();
    // What is kept is what was checked, to the letter.
    Optional<String> text = YamlBinder.text(file, problems);
    Optional<Bound<DatasetSpec>> bound =
        text.flatMap(
            yaml ->
                YamlBinder.parse(yaml, file.toString(), DatasetSpec.class, List.of(), problems));
    bound.ifPresent(spec -> check(spec, problems));
    problems.throwIfAny();
    return new Checked(bound.orElseThrow().value(), text.orElseThrow());
  }

  private static void check(Bound<DatasetSpec> bound, Problems problems) {
    DatasetSpec spec = bound.value();
    DatasetRules.check(spec, bound.locations(), problems);
    if (spec.source() instanceof SourceSpec.Generated source) {
      Problems ofParameters = new Problems();
      Generators.check(source, ofParameters);
      ofParameters
          .list()
          .forEach(problem -> problems.add(bound.locations().of("source"), problem.message()));
    }
  }
}
