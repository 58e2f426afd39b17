package dev.zone.conf.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zone.conf.DatasetSpec;
import dev.zone.conf.JobSpec;
import dev.zone.conf.ZoneSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Holds the generated parts of the documents to the code. {@code mvn test -pl conf
 * -Dtest=ReferenceTest -Dzone.docs.update=true} rewrites them.
 */
class ReferenceTest {
  private static final String END = "<!-- end of generated -->";
  private static final Path DOCS = Path.of("").toAbsolutePath().getParent().resolve("docs");

  @ParameterizedTest
  @CsvSource({
    "job-file.md, dev.zone.conf.JobSpec",
    "dataset-file.md, dev.zone.conf.DatasetSpec",
    "zone-file.md, dev.zone.conf.ZoneSpec",
  })
  void theDocumentSaysWhatTheCodeSays(String document, String type)
      throws IOException, ClassNotFoundException {
    Path file = DOCS.resolve(document);
    String text = Files.readString(file);
    String start = "<!-- generated from " + type + ": do not edit -->\n";
    int from = text.indexOf(start) + start.length();
    int to = text.indexOf(END, from);
    assertThat(text).contains(start).contains(END);
    String generated = "\n" + Reference.of(Class.forName(type).asSubclass(Record.class));
    if (Boolean.getBoolean("zone.docs.update")) {
      Files.writeString(file, text.substring(0, from) + generated + text.substring(to));
    } else {
      assertThat(text.substring(from, to))
          .as("docs/%s; -Dzone.docs.update=true rewrites it", document)
          .isEqualTo(generated);
    }
  }

  @Test
  void theExampleOfTheDocumentsBinds() throws IOException {
    assertBinds("job-file.md", JobSpec.class);
    assertBinds("dataset-file.md", DatasetSpec.class);
    assertBinds("zone-file.md", ZoneSpec.class);
  }

  @Test
  void eachKeyAndAlternativeIsDocumented() {
    String job = Reference.of(JobSpec.class);
    assertThat(job)
        .contains("| `epochs` | whole number from 1 to 100000 | **required** | Passes over")
        .contains("| `classWeights` | one of `none`, `balanced`, `sqrt` | `none` | ")
        .contains("| `updater` | [updater](#updater) | `{adam: {learningRate: 0.001}}` | ")
        .contains("**`adam`** Adam (Kingma and Ba, 2015).")
        .contains("| `memory` | size such as `512m` or `3g`")
        .doesNotContain("|  |");
    assertThat(Reference.of(DatasetSpec.class)).doesNotContain("|  |");
    assertThat(Reference.of(ZoneSpec.class)).doesNotContain("|  |");
  }

  private static void assertBinds(String document, Class<?> type) throws IOException {
    String text = Files.readString(DOCS.resolve(document));
    int from = text.indexOf("```yaml\n") + 8;
    var problems = new dev.zone.conf.error.Problems();
    YamlBinder.parse(
        text.substring(from, text.indexOf("```", from)), document, type, List.of(), problems);
    assertThat(problems.list()).isEmpty();
  }
}
