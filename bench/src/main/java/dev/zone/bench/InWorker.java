package dev.zone.bench;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A measurement in a JVM of its own that is like a run's worker. It gets the repository's root and
 * the number of rounds, and prints Markdown.
 */
record InWorker(String name, Class<?> measurement) implements Measurement {
  @Override
  public Section measure(Settings settings) throws Exception {
    Process process =
        Main.process(
                List.of(
                    measurement.getName(),
                    settings.root().toString(),
                    Integer.toString(settings.rounds())))
            .redirectError(Redirect.INHERIT)
            .start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("the measurement " + name + " ended with " + process.exitValue());
    }
    return new Section(name, text);
  }
}
