package dev.sluice.cli.bench;

import java.util.List;
import java.util.Locale;

/** A bar chart as SVG, readable on light and dark pages. */
final class Bars {
  private static final int LEFT = 250;
  private static final int WIDTH = 720;
  private static final int ROW = 34;
  private static final int TOP = 40;

  private Bars() {}

  /** One bar. */
  record Bar(String name, double value) {}

  static String svg(String title, String unit, List<Bar> bars) {
    double most = bars.stream().mapToDouble(Bar::value).max().orElse(1);
    StringBuilder rows = new StringBuilder();
    for (int row = 0; row < bars.size(); row++) {
      rows.append(row(bars.get(row), TOP + row * ROW, most, unit));
    }
    return """
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="14">
    <rect width="100%%" height="100%%" fill="#fff"/>
    <text x="10" y="24" font-weight="bold" fill="#222">%s</text>
    %s</svg>
    """
        .formatted(WIDTH, TOP + bars.size() * ROW + 10, title, rows);
  }

  private static String row(Bar bar, int y, double most, String unit) {
    int length = (int) Math.max(1, (WIDTH - LEFT - 100) * bar.value() / most);
    return """
    <text x="10" y="%d" fill="#222">%s</text>
    <rect x="%d" y="%d" width="%d" height="22" fill="#2a78b5"/>
    <text x="%d" y="%d" fill="#222">%s %s</text>
    """
        .formatted(
            y + 16,
            bar.name(),
            LEFT,
            y,
            length,
            LEFT + length + 8,
            y + 16,
            String.format(Locale.ROOT, "%.1f", bar.value()),
            unit);
  }
}
