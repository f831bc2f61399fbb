package dev.sluice.cli.bench;

import java.nio.charset.StandardCharsets;
import java.util.Random;

/**
 * A document to be written; the same one makes the same text each time.
 *
 * @param bytes roughly; the last paragraph is not cut
 * @param seed of its text
 */
record SoakDocument(String filename, Format format, int bytes, long seed) {
  private static final int PARAGRAPHS_IN_A_SECTION = 5;

  /** How the text reaches the pipeline: as it is, or through the parser. */
  enum Format {
    MARKDOWN("text/markdown", "md", "", "# %s\n\n", "## %s\n\n", "%s\n\n", ""),
    HTML(
        "text/html",
        "html",
        "<!doctype html>\n<html><body>\n",
        "<h1>%s</h1>\n",
        "<h2>%s</h2>\n",
        "<p>%s</p>\n",
        "</body></html>\n");

    private final String mimeType;
    private final String extension;
    private final String begin;
    private final String title;
    private final String heading;
    private final String paragraph;
    private final String end;

    Format(
        String mimeType,
        String extension,
        String begin,
        String title,
        String heading,
        String paragraph,
        String end) {
      this.mimeType = mimeType;
      this.extension = extension;
      this.begin = begin;
      this.title = title;
      this.heading = heading;
      this.paragraph = paragraph;
      this.end = end;
    }

    String mimeType() {
      return mimeType;
    }

    String extension() {
      return extension;
    }
  }

  /** The same text in another format. */
  SoakDocument as(Format other) {
    String stem = filename.substring(0, filename.lastIndexOf('.') + 1);
    return new SoakDocument(stem + other.extension, other, bytes, seed);
  }

  byte[] content() {
    Prose prose = new Prose(new Random(seed));
    StringBuilder text = new StringBuilder(bytes + 2_000);
    text.append(format.begin).append(format.title.formatted(prose.title()));
    for (int i = 0; text.length() + format.end.length() < bytes; i++) {
      if (i % PARAGRAPHS_IN_A_SECTION == 0) {
        text.append(format.heading.formatted(prose.title()));
      }
      text.append(format.paragraph.formatted(prose.paragraph()));
    }
    return text.append(format.end).toString().getBytes(StandardCharsets.UTF_8);
  }
}
