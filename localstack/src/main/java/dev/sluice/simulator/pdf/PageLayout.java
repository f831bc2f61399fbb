package dev.sluice.simulator.pdf;

import java.util.List;

/**
 * A page taken apart.
 *
 * @param number from 1
 * @param height in points, of the page as it is read
 * @param regions the columns in reading order, each with its lines from top to bottom
 */
record PageLayout(int number, float height, List<List<Line>> regions) {

  static PageLayout of(int number, float height, List<Glyph> glyphs) {
    boolean rightToLeft = LineText.isMostlyRightToLeft(glyphs.stream().map(Glyph::text).toList());
    List<List<Line>> regions =
        Columns.order(Rows.of(glyphs), rightToLeft).stream()
            .map(Lines::of)
            .filter(lines -> !lines.isEmpty())
            .toList();
    return new PageLayout(number, height, regions);
  }

  List<Line> lines() {
    return regions.stream().flatMap(List::stream).toList();
  }
}
