package dev.sluice.simulator.pdf;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * How the lines of one column stand: its edges and the usual distance between baselines.
 *
 * @param left the left edge
 * @param right the right edge
 * @param leading the usual distance between two baselines, in font sizes
 */
record Spacing(float left, float right, float leading) {
  private static final float USUAL_LEADING = 1.2f;
  private static final float WIDEST_LEADING = 2.2f;
  private static final float APART = 1.25f;
  private static final float INDENT = 0.8f;
  private static final float SIZE_CHANGE = 0.15f;

  /** A line that ends this far before the edge was not broken for want of room. */
  private static final float SHORT = 0.2f;

  private static final Pattern CLAUSE_NUMBER = Pattern.compile("\\d{1,3}(?:\\.\\d{1,3})+\\.?\\s.*");

  static Spacing of(List<Line> lines) {
    float left = (float) lines.stream().mapToDouble(Line::start).min().orElse(0);
    float right = (float) lines.stream().mapToDouble(Line::end).max().orElse(0);
    return new Spacing(left, right, leading(lines));
  }

  private static float leading(List<Line> lines) {
    float[] distances = new float[Math.max(0, lines.size() - 1)];
    int count = 0;
    for (int i = 1; i < lines.size(); i++) {
      float distance = (lines.get(i).y() - lines.get(i - 1).y()) / lines.get(i).size();
      if (distance > 0.8f && distance < WIDEST_LEADING) {
        distances[count++] = distance;
      }
    }
    if (count < 3) {
      return USUAL_LEADING;
    }
    Arrays.sort(distances, 0, count);
    return distances[count * 2 / 5];
  }

  /** Whether a line stands under another at no more than the usual distance. */
  boolean isNormal(Line above, Line below) {
    float distance = below.y() - above.y();
    return distance > 0 && distance <= APART * leading * Math.max(above.size(), below.size());
  }

  /** Whether a new paragraph begins with the lower line. */
  boolean breaks(Line above, Line below) {
    return !isNormal(above, below)
        || Math.abs(above.size() - below.size()) > SIZE_CHANGE * above.size()
        || (isIndented(below) && !isIndented(above) && above.endsSentence())
        || (isShort(above) && above.endsSentence())
        || (above.endsSentence() && CLAUSE_NUMBER.matcher(below.text()).matches())
        || above.bold() != below.bold() && above.endsSentence();
  }

  /** How far a line starts from the edge at which lines of its script start. */
  float indent(Line line) {
    return line.isRightToLeft() ? right - line.end() : line.start() - left;
  }

  boolean isShort(Line line) {
    float rest = line.isRightToLeft() ? line.start() - left : right - line.end();
    return rest > SHORT * (right - left);
  }

  private boolean isIndented(Line line) {
    return indent(line) > INDENT * line.size();
  }
}
