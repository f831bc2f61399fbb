package dev.sluice.simulator.pdf;

import java.util.List;

/**
 * Neighbouring glyphs of a row without a wide gap: a line of a column, a cell, a page number.
 *
 * @param row which row of the page it lies in, from the top
 * @param glyphs from left to right, at least one
 */
record Segment(int row, List<Glyph> glyphs) {

  float start() {
    return glyphs.getFirst().x();
  }

  float end() {
    return glyphs.getLast().end();
  }

  float width() {
    return end() - start();
  }

  /** The baseline of the largest glyph. */
  float baseline() {
    return largest().y();
  }

  float size() {
    return largest().size();
  }

  private Glyph largest() {
    Glyph largest = glyphs.getFirst();
    for (Glyph glyph : glyphs) {
      largest = glyph.size() > largest.size() ? glyph : largest;
    }
    return largest;
  }
}
