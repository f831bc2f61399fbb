package dev.sluice.simulator.pdf;

import java.util.ArrayList;
import java.util.List;

/** Draws glyphs half as wide as they are high, without a PDF around them. */
final class DrawnPage {
  private static final float HEIGHT = 842;
  private final List<Glyph> glyphs = new ArrayList<>();
  private final int number;

  DrawnPage(int number) {
    this.number = number;
  }

  DrawnPage() {
    this(1);
  }

  DrawnPage text(float x, float y, String text) {
    return text(x, y, 10, false, text);
  }

  DrawnPage bold(float x, float y, String text) {
    return text(x, y, 10, true, text);
  }

  DrawnPage text(float x, float y, float size, boolean bold, String text) {
    for (int i = 0; i < text.length(); i++) {
      String glyph = text.substring(i, i + 1);
      float width = size / 2;
      glyphs.add(new Glyph(glyph, x + i * width, y, width, size, width / 2, bold));
    }
    return this;
  }

  /** Lines one under the other, 12 points apart. */
  DrawnPage lines(float x, float y, String... lines) {
    for (int i = 0; i < lines.length; i++) {
      text(x, y + 12 * i, lines[i]);
    }
    return this;
  }

  PageLayout layout() {
    return PageLayout.of(number, HEIGHT, glyphs);
  }

  String markdown() {
    PageLayout layout = layout();
    return PageMarkdown.of(layout, Typography.of(List.of(layout)));
  }
}
