package dev.sluice.cli.bench;

import java.util.List;
import java.util.Locale;

/** Lines over equally spaced places as SVG, readable on light and dark pages. */
final class Lines {
  private static final int WIDTH = 720;
  private static final int HEIGHT = 330;
  private static final int LEFT = 60;
  private static final int RIGHT = 500;
  private static final int TOP = 50;
  private static final int BOTTOM = 290;
  private static final int LEGEND_ROW = 20;
  private static final List<String> COLOURS =
      List.of(
          "#2a78b5", "#d1603d", "#3a8a4d", "#8457a8", "#b08a1e", "#4a4a4a", "#c2407f", "#2b9a9a");

  private Lines() {}

  /**
   * One line.
   *
   * @param values one for each place
   */
  record Line(String name, List<Double> values) {}

  /**
   * @param places names along the bottom, at least one
   */
  static String svg(String title, List<String> places, List<Line> lines) {
    double most =
        lines.stream().flatMap(line -> line.values().stream()).mapToDouble(v -> v).max().orElse(1);
    StringBuilder parts = new StringBuilder();
    for (int i = 0; i < places.size(); i++) {
      parts.append(text(x(i, places.size()), BOTTOM + 20, "middle", places.get(i)));
    }
    for (int mark = 0; mark <= 4; mark++) {
      double value = most * mark / 4;
      parts.append(rule(y(value, most)));
      parts.append(
          text(LEFT - 8, y(value, most) + 5, "end", String.format(Locale.ROOT, "%.1f", value)));
    }
    for (int i = 0; i < lines.size(); i++) {
      parts.append(line(lines.get(i), places.size(), most, COLOURS.get(i % COLOURS.size()), i));
    }
    return """
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="14">
    <rect width="100%%" height="100%%" fill="#fff"/>
    <text x="10" y="24" font-weight="bold" fill="#222">%s</text>
    %s</svg>
    """
        .formatted(WIDTH, HEIGHT, title, parts);
  }

  private static String line(Line line, int places, double most, String colour, int row) {
    StringBuilder points = new StringBuilder();
    for (int i = 0; i < line.values().size(); i++) {
      points.append(x(i, places)).append(',').append(y(line.values().get(i), most)).append(' ');
    }
    int at = TOP + 10 + row * LEGEND_ROW;
    return """
    <polyline points="%s" fill="none" stroke="%s" stroke-width="2"/>
    <rect x="%d" y="%d" width="14" height="4" fill="%s"/>
    """
            .formatted(points.toString().strip(), colour, RIGHT + 30, at - 6, colour)
        + text(RIGHT + 50, at, "start", line.name());
  }

  private static String rule(int y) {
    return "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" stroke=\"#ddd\"/>\n"
        .formatted(LEFT, y, RIGHT, y);
  }

  private static String text(int x, int y, String anchor, String words) {
    return "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\" fill=\"#222\">%s</text>\n"
        .formatted(x, y, anchor, words);
  }

  private static int x(int place, int places) {
    return places == 1
        ? (LEFT + RIGHT) / 2
        : LEFT + 30 + place * (RIGHT - LEFT - 60) / (places - 1);
  }

  private static int y(double value, double most) {
    return (int) Math.round(BOTTOM - (BOTTOM - TOP) * value / most);
  }
}
