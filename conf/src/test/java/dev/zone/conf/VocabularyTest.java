package dev.zone.conf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zone.conf.error.Names;
import dev.zone.conf.error.Problem;
import dev.zone.conf.error.Problems;
import dev.zone.conf.yaml.YamlBinder;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VocabularyTest {
  @ParameterizedTest
  @CsvSource({
    "512m, 536870912, 512m", "3g, 3221225472, 3g", "1024, 1024, 1k", "2 GiB, 2147483648, 2g",
    "1500m, 1572864000, 1500m", "0, 0, 0", "7, 7, 7", "1T, 1099511627776, 1t",
  })
  void readsAndWritesSizes(String text, long bytes, String written) {
    DataSize size = DataSize.parse(text);
    assertThat(size.bytes()).isEqualTo(bytes);
    assertThat(size).hasToString(written);
    assertThat(DataSize.parse(written)).isEqualTo(size);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "g", "-1m", "1.5g", "3x", "99999999999999t", "9999999999999999999"})
  void refusesWhatIsNoSize(String text) {
    assertThatThrownBy(() -> DataSize.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("expected a size such as 512m or 3g");
  }

  @Test
  void readsAndWritesNamesOfDatasets() {
    DatasetName name = DatasetName.parse("chip/wm811k@3");
    assertThat(name.domain()).isEqualTo("chip");
    assertThat(name.version()).hasValue(3);
    assertThat(name.path()).isEqualTo("chip/wm811k");
    assertThat(name).hasToString("chip/wm811k@3");
    assertThat(DatasetName.parse("vehicle/can-intrusion").version()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "wm811k",
        "ship/x",
        "chip/",
        "chip/../x",
        "chip/a..b",
        "chip/X",
        "chip/x@0",
        "chip/x@"
      })
  void refusesWhatIsNoNameOfADataset(String text) {
    assertThatThrownBy(() -> DatasetName.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "expected domain/name or domain/name@version, the domain chip, manufacturing or vehicle");
  }

  @ParameterizedTest
  @CsvSource({
    "a.csv, true", "a/b c/d.npz, true", "*.csv, true", "'', false", "/a, false", "a/, false",
    "../a, false", "a/../b, false", "./a, false", "a//b, false", "a\\b, false", "c:a, false",
    "...a, true",
  })
  void knowsPathsThatStayBelow(String path, boolean safe) {
    assertThat(RelativePaths.isSafe(path)).isEqualTo(safe);
  }

  @Test
  void findsTheNameThatWasMeant() {
    List<String> names = List.of("epochs", "batchSize", "updater", "a", "learningRate");
    assertThat(Names.suggestion("epoch", names)).isEqualTo(", did you mean 'epochs'?");
    assertThat(Names.suggestion("bacthsize", names)).isEqualTo(", did you mean 'batchSize'?");
    assertThat(Names.nearest("rate", List.of("learningRate"))).isEmpty();
    assertThat(Names.nearest("b", names)).isEmpty();
    assertThat(Names.nearest("zzz", names)).isEmpty();
    assertThat(Names.suggestion("", names)).isEmpty();
  }

  @Test
  void refusesPlansThatLeaveTheDataFolder() {
    Problems problems = new Problems();

    String yaml = "{path: ../secret, bytes: 3, sha256: " + "f".repeat(64) + "}";
    assertThat(YamlBinder.parse(yaml, "f", PlanSpec.PlannedFile.class, List.of(), problems))
        .isEmpty();
    assertThat(
            YamlBinder.parse(
                "{path: a, bytes: 3, sha256: F}",
                "f",
                PlanSpec.PlannedFile.class,
                List.of(),
                problems))
        .isEmpty();
    assertThat(problems.list().stream().map(Problem::toString))
        .containsExactly(
            "f:1:1: Cannot use the file: path ../secret (expected a path below the data folder)",
            "f:1:29: Cannot use sha256: F (expected 64 hexadecimal digits, lower case)");
  }
}
