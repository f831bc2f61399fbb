package dev.sluice.simulator.pdf;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Gathers glyphs into rows by their height on the page, and cuts rows where gaps are wide. */
final class Rows {
  /** A glyph belongs to a row if the two share this much of the lower one's height. */
  private static final float SHARED_HEIGHT = 0.6f;

  /** A gap of a font size and more divides columns or cells, not words. */
  private static final float WIDE_GAP = 1.0f;

  private Rows() {}

  static List<Segment> of(List<Glyph> glyphs) {
    List<Glyph> visible =
        glyphs.stream()
            .filter(glyph -> !glyph.isBlank())
            .sorted(Comparator.comparingDouble(Glyph::y).thenComparingDouble(Glyph::x))
            .toList();
    List<Segment> segments = new ArrayList<>();
    List<Glyph> row = new ArrayList<>();
    int number = 0;
    Glyph reference = null;
    for (Glyph glyph : visible) {
      if (reference != null && !shares(reference, glyph)) {
        cut(number++, row, segments);
        row.clear();
        reference = null;
      }
      row.add(glyph);
      reference = reference == null || glyph.size() > reference.size() ? glyph : reference;
    }
    cut(number, row, segments);
    return segments;
  }

  private static boolean shares(Glyph reference, Glyph glyph) {
    float overlap =
        Math.min(reference.bottom(), glyph.bottom()) - Math.max(reference.top(), glyph.top());
    float lower = Math.min(reference.bottom() - reference.top(), glyph.bottom() - glyph.top());
    return overlap >= SHARED_HEIGHT * lower;
  }

  private static void cut(int number, List<Glyph> row, List<Segment> segments) {
    List<Glyph> sorted = row.stream().sorted(Comparator.comparingDouble(Glyph::x)).toList();
    List<Glyph> current = new ArrayList<>();
    float end = 0;
    for (Glyph glyph : sorted) {
      if (!current.isEmpty() && glyph.x() - end > WIDE_GAP * glyph.size()) {
        segments.add(new Segment(number, List.copyOf(current)));
        current.clear();
      }
      end = current.isEmpty() ? glyph.end() : Math.max(end, glyph.end());
      current.add(glyph);
    }
    if (!current.isEmpty()) {
      segments.add(new Segment(number, List.copyOf(current)));
    }
  }
}
