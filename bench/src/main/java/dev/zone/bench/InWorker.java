package dev.zone.bench;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A measurement in a JVM of its own that is like a run's worker. It gets the repository's root, the
 * number of rounds and the folder of real data, if there is one, and prints Markdown.
 */
record InWorker(String name, Class<?> measurement) implements Measurement {
  @Override
  public Section measure(Settings settings) throws Exception {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                measurement.getName(),
                settings.root().toString(),
                Integer.toString(settings.rounds())));
    settings.data().map(Path::toString).ifPresent(arguments::add);
    Process process = Main.process(arguments).redirectError(Redirect.INHERIT).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("the measurement " + name + " ended with " + process.exitValue());
    }
    return new Section(name, text);
  }
}
