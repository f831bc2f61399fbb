package dev.sluice.cli.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A page of sections that several runs write; each replaces its own. */
final class ReportPage {
  private static final String HEAD =
      """
      # What survives what

      Written by runs, section by section; a run replaces its own.
      """;

  private ReportPage() {}

  /** On the page of what survives what. */
  static void write(Path page, String title, String section) throws IOException {
    write(page, HEAD, title, section);
  }

  /**
   * @param head of a page that is not there yet
   * @param title also names the section's marks
   * @param section its heading included
   */
  static void write(Path page, String head, String title, String section) throws IOException {
    String before = Files.exists(page) ? Files.readString(page) : head;
    String begin = "\n<!-- begin: " + title + " -->\n";
    String end = "<!-- end: " + title + " -->\n";
    String marked = begin + section + end;
    int from = before.indexOf(begin);
    int to = before.indexOf(end, Math.max(0, from));
    String after =
        from < 0 || to < 0
            ? before + marked
            : before.substring(0, from) + marked + before.substring(to + end.length());
    Files.createDirectories(page.toAbsolutePath().getParent());
    Files.writeString(page, after);
  }
}
