package dev.zone.jobs.update;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zone.conf.ModelSpec;
import dev.zone.conf.TrainingSpec;
import dev.zone.conf.TrainingSpec.BatchStatistics;
import dev.zone.conf.error.Problems;
import dev.zone.jobs.model.NetworkConfiguration;
import dev.zone.jobs.model.Requests;
import dev.zone.jobs.update.EngineChoice.Circumstances;
import dev.zone.jobs.update.EngineChoice.Engine;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EngineChoiceTest {
  private static final ModelSpec LSTM = new ModelSpec.Lstm(List.of(4), List.of(), 0);

  private static final ModelSpec SERIES = Requests.cnn1d(ModelSpec.Joint.AVERAGE, 1);

  private static Requests windows() {
    return new Requests().inputs(Requests.input("windows", 3, 5)).model(LSTM);
  }

  private static String words(Requests requests, boolean masked, boolean gpus) {
    return choice(requests, masked, gpus).words();
  }

  private static EngineChoice choice(Requests requests, boolean masked, boolean gpus) {
    TrainingSpec training = requests.request().training();
    return EngineChoice.of(requests.create(), new Circumstances(training, masked, gpus));
  }

  @Test
  void isTheCompiledOneWhereAllLayersAreCovered() {
    EngineChoice choice = choice(new Requests(), false, false);
    assertThat(choice.words()).isEqualTo("onednn (all 3 layers)");
    assertThat(choice.explanation().orElseThrow())
        .startsWith("%0 = input 0 -> 7")
        .contains("dense 16, relu of %0 -> 16");
    assertThat(words(new Requests().model(Requests.mlp()), false, false))
        .isEqualTo("onednn (its only layer)");
    assertThat(words(windows().each(5, Optional.of(2)), false, false))
        .isEqualTo("onednn (all 2 layers)");
  }

  @Test
  void isDl4jsOwnWithTheReasonWhereSomethingIsNot() {
    assertThat(words(windows().model(SERIES), true, false))
        .isEqualTo("dl4j, because its windows end with steps that are not seen");
    assertThat(words(windows(), false, true)).isEqualTo("dl4j, because workers have GPUs");
    assertThat(
            words(
                new Requests()
                    .inputs(Requests.input("images", 2, 8, 8))
                    .model(Requests.cnn(true))
                    .statistics(BatchStatistics.GLOBAL),
                false,
                false))
        .isEqualTo("dl4j, because batch normalisation is over all workers");
    assertThat(choice(windows(), false, true).explanation()).isEmpty();
  }

  @Test
  void isWhatTheJobSaysOrAProblem() {
    assertThat(words(new Requests().engine(TrainingSpec.Engine.DL4J), false, false))
        .isEqualTo("dl4j, because the job says so");
    Requests wanted = windows().model(SERIES).engine(TrainingSpec.Engine.ONEDNN);
    Problems problems = new Problems();
    choice(wanted, false, false).check(wanted.request().training(), problems);
    assertThat(problems.isEmpty()).isTrue();
    choice(wanted, true, false).check(wanted.request().training(), problems);
    assertThat(problems.list().toString())
        .contains(
            "Cannot use training.engine: onednn (expected dl4j or auto, because its windows end with steps that are not seen)");
  }

  @Test
  void refusesBf16WhereDl4jComputes() {
    Requests rounded = new Requests().precision(TrainingSpec.Precision.BF16);
    Problems problems = new Problems();
    choice(rounded, false, false).check(rounded.request().training(), problems);
    assertThat(problems.isEmpty()).isTrue();
    choice(rounded, false, true).check(rounded.request().training(), problems);
    assertThat(problems.list().toString())
        .contains(
            "Cannot use training.precision: bf16 (expected float32, because the engine is dl4j: workers have GPUs)");
  }

  @Test
  void refusesToComputeWhatItDoesNotCover() {
    NetworkConfiguration plain =
        new Requests()
            .model(new ModelSpec.Mlp(List.of(4), ModelSpec.Activation.TANH, false, 0, 0, 0))
            .create();
    NetworkConfiguration uncovered =
        new NetworkConfiguration(
            plain.kind(),
            plain.json().replace("ActivationTanH", "ActivationRationalTanh"),
            plain.inputs(),
            plain.outputs(),
            plain.targets(),
            plain.layers(),
            plain.parameters(),
            plain.size(),
            plain.start(),
            plain.notes());
    assertThatThrownBy(
            () ->
                Dl4jTraining.create(
                    uncovered,
                    Optional.empty(),
                    Optional.empty(),
                    Dl4jTraining.How.of(Engine.ONEDNN)))
        .hasMessageContaining("Cannot compute with oneDNN, because ")
        .hasMessageContaining("of its activation function rationaltanh");
  }
}
