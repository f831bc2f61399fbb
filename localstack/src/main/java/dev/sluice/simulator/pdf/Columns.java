package dev.sluice.simulator.pdf;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Puts the segments of a page into reading order: columns from left to right between the rows that
 * span them. A gutter is taken for one only where lines of text fill both sides; the gaps of a
 * table do not qualify.
 */
final class Columns {
  private static final float STEP = 2;
  private static final float NARROWEST_GUTTER = 6;
  private static final int FEWEST_SEGMENTS_A_SIDE = 4;

  /** Segments that may cross a gutter: titles, abstracts, wide figures. */
  private static final float CROSSING_SHARE = 0.4f;

  /** A line fills its column if it covers this much of the width. */
  private static final float FILLED_WIDTH = 0.6f;

  /** Margin notes and numbers are not columns. */
  private static final int FEWEST_GLYPHS_A_LINE = 15;

  private static final float FILLED_SHARE = 0.4f;
  private static final float SHARED_HEIGHT = 0.3f;
  private static final float MARGIN_SHARE = 0.15f;

  private Columns() {}

  /** The regions of a page in the order in which they are read, segments from top to bottom. */
  static List<List<Segment>> order(List<Segment> segments, boolean rightToLeft) {
    List<List<Segment>> regions = new ArrayList<>();
    divide(segments, rightToLeft, regions);
    return regions;
  }

  private static void divide(
      List<Segment> segments, boolean rightToLeft, List<List<Segment>> regions) {
    float gutter = gutter(segments);
    if (Float.isNaN(gutter)) {
      if (!segments.isEmpty()) {
        regions.add(segments);
      }
      return;
    }
    Set<Integer> spanningRows = new HashSet<>();
    segments.stream()
        .filter(segment -> crosses(segment, gutter))
        .forEach(segment -> spanningRows.add(segment.row()));
    Band band = new Band(rightToLeft, regions);
    for (Segment segment : segments) {
      band.add(segment, spanningRows.contains(segment.row()), segment.end() <= gutter + STEP);
    }
    band.flush();
  }

  private static boolean crosses(Segment segment, float x) {
    return segment.start() < x - 1 && segment.end() > x + 1;
  }

  /** The middle of the best gutter, or NaN if the segments are one column. */
  private static float gutter(List<Segment> segments) {
    float left = (float) segments.stream().mapToDouble(Segment::start).min().orElse(0);
    float right = (float) segments.stream().mapToDouble(Segment::end).max().orElse(0);
    float margin = (right - left) * MARGIN_SHARE;
    long fewest = Long.MAX_VALUE;
    float start = Float.NaN;
    float end = Float.NaN;
    boolean open = false;
    for (float x = left + margin; x < right - margin; x += STEP) {
      float at = x;
      long crossing = segments.stream().filter(segment -> crosses(segment, at)).count();
      if (crossing < fewest || (crossing == fewest && !open && isWider(start, end))) {
        fewest = crossing;
        start = x;
        open = true;
      }
      open &= crossing == fewest;
      end = open ? x : end;
    }
    float middle = (start + end) / 2;
    boolean wide = end - start >= NARROWEST_GUTTER - STEP;
    return wide && divides(segments, middle, left, right) ? middle : Float.NaN;
  }

  /** Keeps looking while the run found so far is too narrow to be a gutter. */
  private static boolean isWider(float start, float end) {
    return end - start < NARROWEST_GUTTER - STEP;
  }

  private static boolean divides(List<Segment> segments, float x, float left, float right) {
    List<Segment> before = segments.stream().filter(segment -> segment.end() <= x + 1).toList();
    List<Segment> after = segments.stream().filter(segment -> segment.start() >= x - 1).toList();
    int crossing = segments.size() - before.size() - after.size();
    return before.size() >= FEWEST_SEGMENTS_A_SIDE
        && after.size() >= FEWEST_SEGMENTS_A_SIDE
        && crossing <= CROSSING_SHARE * segments.size()
        && isFilled(before, x - left)
        && isFilled(after, right - x)
        && besideEachOther(before, after);
  }

  private static boolean isFilled(List<Segment> side, float width) {
    long filled = side.stream().filter(segment -> segment.width() >= FILLED_WIDTH * width).count();
    return filled >= FILLED_SHARE * side.size();
  }

  private static boolean besideEachOther(List<Segment> one, List<Segment> other) {
    float top = Math.max(one.getFirst().baseline(), other.getFirst().baseline());
    float bottom = Math.min(one.getLast().baseline(), other.getLast().baseline());
    float first = Math.min(one.getFirst().baseline(), other.getFirst().baseline());
    float last = Math.max(one.getLast().baseline(), other.getLast().baseline());
    return bottom - top >= SHARED_HEIGHT * (last - first);
  }

  /** What stands between two spanning rows: a left and a right side, each divided further. */
  private static final class Band {
    private final boolean rightToLeft;
    private final List<List<Segment>> regions;
    private final List<Segment> spanning = new ArrayList<>();
    private final List<Segment> left = new ArrayList<>();
    private final List<Segment> right = new ArrayList<>();

    Band(boolean rightToLeft, List<List<Segment>> regions) {
      this.rightToLeft = rightToLeft;
      this.regions = regions;
    }

    void add(Segment segment, boolean spans, boolean isLeft) {
      if (spans) {
        flushSides();
        spanning.add(segment);
      } else {
        flushSpanning();
        (isLeft ? left : right).add(segment);
      }
    }

    void flush() {
      flushSpanning();
      flushSides();
    }

    private void flushSpanning() {
      if (!spanning.isEmpty()) {
        regions.add(List.copyOf(spanning));
        spanning.clear();
      }
    }

    private void flushSides() {
      divide(List.copyOf(rightToLeft ? right : left), rightToLeft, regions);
      divide(List.copyOf(rightToLeft ? left : right), rightToLeft, regions);
      left.clear();
      right.clear();
    }
  }
}
