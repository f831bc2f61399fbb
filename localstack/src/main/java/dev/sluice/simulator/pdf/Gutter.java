package dev.sluice.simulator.pdf;

import java.util.Arrays;
import java.util.List;

/**
 * Finds the white strip between two columns. A strip is taken for one only where lines of text fill
 * both sides; the gaps of a table do not qualify.
 */
final class Gutter {
  static final float STEP = 2;
  private static final float NARROWEST = 6;
  private static final int MOST_TRIES = 4;

  /** How much of the text may cross a gutter: titles, abstracts, wide figures. */
  private static final float CROSSING_SHARE = 0.5f;

  /** Margin notes and numbers are not columns. */
  private static final int FEWEST_GLYPHS_A_LINE = 15;

  private static final float FILLED_SHARE = 0.5f;
  private static final float SHARED_HEIGHT = 0.3f;
  private static final float MARGIN_SHARE = 0.15f;

  /**
   * What makes a side a column.
   *
   * @param fewestLines lines that fill it
   * @param filledWidth how much of the width a line must cover to fill it
   */
  private record Demand(int fewestLines, float filledWidth) {}

  private static final Demand ON_A_PAGE = new Demand(4, 0.6f);

  /** Without the rest of the page as evidence, a table with long texts could pass for columns. */
  private static final Demand IN_A_PART = new Demand(7, 0.8f);

  private final Demand demand;
  private final List<Segment> segments;
  private final float left;
  private final float right;

  private Gutter(List<Segment> segments, Demand demand) {
    this.demand = demand;
    this.segments = segments;
    this.left = (float) segments.stream().mapToDouble(Segment::start).min().orElse(0);
    this.right = (float) segments.stream().mapToDouble(Segment::end).max().orElse(0);
  }

  /** The middle of the best gutter, or NaN if the segments are one column. */
  static float of(List<Segment> segments) {
    return new Gutter(segments, ON_A_PAGE).find();
  }

  /** As {@link #of}, for a part of a page that has no gutter from top to bottom. */
  static float ofPart(List<Segment> segments) {
    return new Gutter(segments, IN_A_PART).find();
  }

  static boolean isCrossed(float x, Segment segment) {
    return segment.start() < x - 1 && segment.end() > x + 1;
  }

  /** Tries the strips that fewest segments cross first. */
  private float find() {
    float from = left + (right - left) * MARGIN_SHARE;
    int steps = (int) Math.max(0, (right - left) * (1 - 2 * MARGIN_SHARE) / STEP);
    int[] crossings = new int[steps];
    for (int i = 0; i < steps; i++) {
      float x = from + i * STEP;
      crossings[i] = (int) segments.stream().filter(segment -> isCrossed(x, segment)).count();
    }
    int[] levels = Arrays.stream(crossings).sorted().distinct().limit(MOST_TRIES).toArray();
    for (int level : levels) {
      float gutter = atMost(level, crossings, from);
      if (!Float.isNaN(gutter)) {
        return gutter;
      }
    }
    return Float.NaN;
  }

  private float atMost(int level, int[] crossings, float from) {
    int start = -1;
    for (int i = 0; i <= crossings.length; i++) {
      boolean open = i < crossings.length && crossings[i] <= level;
      if (open && start < 0) {
        start = i;
      } else if (!open && start >= 0) {
        float middle = from + (start + i - 1) / 2f * STEP;
        if ((i - start) * STEP >= NARROWEST && divides(middle)) {
          return middle;
        }
        start = -1;
      }
    }
    return Float.NaN;
  }

  private boolean divides(float x) {
    List<Segment> before = segments.stream().filter(segment -> segment.end() <= x + 1).toList();
    List<Segment> after = segments.stream().filter(segment -> segment.start() >= x - 1).toList();
    int all = glyphs(segments);
    int crossing = all - glyphs(before) - glyphs(after);
    return crossing <= CROSSING_SHARE * all
        && isFilled(before, x - left)
        && isFilled(after, right - x)
        && besideEachOther(before, after);
  }

  /** Counted in glyphs: the many labels of a figure weigh less than the lines of the text. */
  private boolean isFilled(List<Segment> side, float width) {
    List<Segment> filled =
        side.stream()
            .filter(segment -> segment.width() >= demand.filledWidth() * width)
            .filter(segment -> segment.glyphs().size() >= FEWEST_GLYPHS_A_LINE)
            .toList();
    return filled.size() >= demand.fewestLines() && glyphs(filled) >= FILLED_SHARE * glyphs(side);
  }

  private static int glyphs(List<Segment> segments) {
    return segments.stream().mapToInt(segment -> segment.glyphs().size()).sum();
  }

  private static boolean besideEachOther(List<Segment> one, List<Segment> other) {
    float top = Math.max(one.getFirst().baseline(), other.getFirst().baseline());
    float bottom = Math.min(one.getLast().baseline(), other.getLast().baseline());
    float first = Math.min(one.getFirst().baseline(), other.getFirst().baseline());
    float last = Math.max(one.getLast().baseline(), other.getLast().baseline());
    return bottom - top >= SHARED_HEIGHT * (last - first);
  }
}
