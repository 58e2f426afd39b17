package dev.zone.jobs.report;

import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.ZoneException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Makes the report of a run: one HTML page that needs nothing but itself, from the files of the
 * run's folder and nothing else. What a file does not say, the page does not show; so a run that
 * failed has a report too.
 *
 * <p>Everything from the files is escaped, and the page's own policy forbids scripts and whatever
 * would be loaded from elsewhere.
 */
public final class ReportWriter {
  private ReportWriter() {}

  /**
   * Writes the page, so that it is there whole or not at all.
   *
   * @param runFolder the run's folder
   * @param out the file to write, usually {@code report.html} in that folder
   * @throws ZoneException (environment) if a file cannot be read or written
   */
  public static void write(Path runFolder, Path out) {
    String page = render(runFolder);
    Path unfinished = out.resolveSibling(out.getFileName() + ".unfinished");
    try {
      Files.writeString(unfinished, page, StandardCharsets.UTF_8);
      Files.move(
          unfinished, out, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw ZoneException.environment("Cannot write " + out + ": " + e.getMessage(), e);
    }
  }

  /**
   * The page as text.
   *
   * @throws ZoneException (environment) if a file cannot be read
   */
  public static String render(Path runFolder) {
    RunFiles run = RunFiles.read(runFolder);
    String name = run.planned().text("job", "name").orElse("A training run");
    Html html = new Html();
    html.doctype().open("html", "lang", "en").open("head");
    html.lone("meta", "charset", "utf-8");
    html.lone(
        "meta",
        "http-equiv",
        "Content-Security-Policy",
        "content",
        "default-src 'none'; style-src 'unsafe-inline'");
    html.lone("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
    html.lone("meta", "name", "color-scheme", "content", "light dark");
    html.element("title", name + " · training report").style(styleSheet()).close();
    html.open("body");
    HeadSection.render(html, run, name);
    html.open("main");
    FindingsSection.render(html, run);
    CurvesSection.render(html, run);
    FoldsSection.render(html, run);
    ResultsSection.render(html, run);
    DataSection.render(html, run);
    ModelSection.render(html, run);
    ProvenanceSection.render(html, run);
    html.close().close().close();
    return html.toString();
  }

  private static String styleSheet() {
    try (InputStream in = ReportWriter.class.getResourceAsStream("report.css")) {
      if (in == null) {
        throw new ZoneException(
            ErrorKind.INTERNAL,
            "Cannot find the report's style sheet: report.css (expected in the jar)");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new ZoneException(ErrorKind.INTERNAL, "Cannot read the report's style sheet", e);
    }
  }
}
