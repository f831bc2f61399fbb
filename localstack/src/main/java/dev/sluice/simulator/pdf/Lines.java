package dev.sluice.simulator.pdf;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Makes the lines of one column from its segments. */
final class Lines {
  private Lines() {}

  static List<Line> of(List<Segment> region) {
    List<Line> lines = new ArrayList<>();
    List<Segment> row = new ArrayList<>();
    for (Segment segment : region) {
      if (!row.isEmpty() && row.getFirst().row() != segment.row()) {
        add(row, lines);
        row.clear();
      }
      row.add(segment);
    }
    if (!row.isEmpty()) {
      add(row, lines);
    }
    return lines;
  }

  private static void add(List<Segment> row, List<Line> lines) {
    List<Glyph> glyphs = row.stream().flatMap(segment -> segment.glyphs().stream()).toList();
    String text = LineText.of(glyphs);
    if (text.isBlank()) {
      return;
    }
    List<Line.Cell> cells =
        row.stream()
            .map(part -> cell(part, row.size() == 1 ? text : LineText.of(part.glyphs())))
            .filter(cell -> !cell.text().isBlank())
            .toList();
    float size = mainSize(glyphs);
    lines.add(
        new Line(
            text,
            cells,
            row.getFirst().start(),
            row.getLast().end(),
            baseline(row, size),
            size,
            isMostlyBold(glyphs)));
  }

  private static Line.Cell cell(Segment part, String text) {
    return new Line.Cell(text, part.start(), part.end());
  }

  private static float mainSize(List<Glyph> glyphs) {
    Map<Float, Integer> counts = new HashMap<>();
    glyphs.forEach(glyph -> counts.merge(Typography.rounded(glyph.size()), 1, Integer::sum));
    return counts.entrySet().stream()
        .max(Map.Entry.<Float, Integer>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
        .map(Map.Entry::getKey)
        .orElseThrow();
  }

  private static float baseline(List<Segment> row, float size) {
    return row.stream()
        .flatMap(segment -> segment.glyphs().stream())
        .filter(glyph -> Typography.rounded(glyph.size()) == size)
        .findFirst()
        .map(Glyph::y)
        .orElse(row.getFirst().baseline());
  }

  private static boolean isMostlyBold(List<Glyph> glyphs) {
    long bold = glyphs.stream().filter(Glyph::bold).count();
    return bold * 10 >= glyphs.size() * 8L;
  }
}
