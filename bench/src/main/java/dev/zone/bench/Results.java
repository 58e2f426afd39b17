package dev.zone.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A day's results, {@code bench/results/<date>.md} with its charts beside it. A case measured again
 * replaces what was there of it.
 */
final class Results {
  private static final String HEADING = "\n## ";

  private final Path folder;
  private final String date;

  Results(Path folder, LocalDate date) {
    this.folder = folder;
    this.date = date.toString();
  }

  /** Writes a case's section; the file is whole at any moment. */
  Path write(String machine, Section section) throws IOException {
    Files.createDirectories(folder);
    Path file = folder.resolve(date + ".md");
    Map<String, String> sections = Files.exists(file) ? read(file) : new LinkedHashMap<>();
    String text = section.text().strip();
    if (section.chart().isPresent()) {
      String chart = date + "-" + section.name() + ".svg";
      Files.writeString(folder.resolve(chart), section.chart().get());
      text += "\n\n![" + section.name() + "](" + chart + ")";
    }
    sections.put(section.name(), text + "\n\nMeasured with:\n\n" + machine);
    StringBuilder all = new StringBuilder("# Measured on ").append(date).append('\n');
    sections.forEach(
        (name, its) -> all.append(HEADING).append(name).append("\n\n").append(its).append('\n'));
    Path partial = folder.resolve(date + ".md.partial");
    Files.writeString(partial, all);
    return Files.move(partial, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
  }

  private static Map<String, String> read(Path file) throws IOException {
    Map<String, String> sections = new LinkedHashMap<>();
    String[] parts = Files.readString(file).split(HEADING);
    for (int i = 1; i < parts.length; i++) {
      int end = parts[i].indexOf('\n');
      sections.put(parts[i].substring(0, end), parts[i].substring(end).strip());
    }
    return sections;
  }
}
