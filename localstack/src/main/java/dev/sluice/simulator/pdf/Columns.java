package dev.sluice.simulator.pdf;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Puts the segments of a page into reading order: columns from left to right between the rows that
 * span them.
 */
final class Columns {
  /** A gap of this many font sizes between two baselines may part a figure from the text. */
  private static final float WIDE_GAP = 1.6f;

  private static final int MOST_CUTS = 6;

  private Columns() {}

  /** The regions of a page in the order in which they are read, segments from top to bottom. */
  static List<List<Segment>> order(List<Segment> segments, boolean rightToLeft) {
    List<List<Segment>> regions = new ArrayList<>();
    divide(segments, rightToLeft, regions);
    return regions;
  }

  private static void divide(
      List<Segment> segments, boolean rightToLeft, List<List<Segment>> regions) {
    float gutter = Gutter.of(segments);
    if (!Float.isNaN(gutter)) {
      divideAt(gutter, segments, rightToLeft, regions);
    } else if (!cutAcross(segments, rightToLeft, regions) && !segments.isEmpty()) {
      regions.add(segments);
    }
  }

  private static void divideAt(
      float gutter, List<Segment> segments, boolean rightToLeft, List<List<Segment>> regions) {
    Set<Integer> spanningRows = new HashSet<>();
    segments.stream()
        .filter(segment -> Gutter.isCrossed(gutter, segment))
        .forEach(segment -> spanningRows.add(segment.row()));
    Band band = new Band(rightToLeft, regions);
    for (Segment segment : segments) {
      boolean isLeft = segment.end() <= gutter + Gutter.STEP;
      band.add(segment, spanningRows.contains(segment.row()), isLeft);
    }
    band.flush();
  }

  /** Looks for columns above or below a wide figure, which hides them from the page as a whole. */
  private static boolean cutAcross(
      List<Segment> segments, boolean rightToLeft, List<List<Segment>> regions) {
    for (int cut : widestGaps(segments)) {
      List<Segment> above = segments.subList(0, cut);
      List<Segment> below = segments.subList(cut, segments.size());
      float gutterAbove = Gutter.ofPart(above);
      float gutterBelow = Gutter.ofPart(below);
      if (!Float.isNaN(gutterAbove) || !Float.isNaN(gutterBelow)) {
        part(gutterAbove, above, rightToLeft, regions);
        part(gutterBelow, below, rightToLeft, regions);
        return true;
      }
    }
    return false;
  }

  private static void part(
      float gutter, List<Segment> segments, boolean rightToLeft, List<List<Segment>> regions) {
    if (Float.isNaN(gutter)) {
      regions.add(List.copyOf(segments));
    } else {
      divideAt(gutter, segments, rightToLeft, regions);
    }
  }

  /** Where the widest gaps between two rows are, the widest first. */
  private static List<Integer> widestGaps(List<Segment> segments) {
    List<Integer> gaps = new ArrayList<>();
    for (int i = 1; i < segments.size(); i++) {
      if (gapBefore(segments, i) > WIDE_GAP) {
        gaps.add(i);
      }
    }
    gaps.sort(Comparator.comparingDouble((Integer i) -> -gapBefore(segments, i)));
    return gaps.subList(0, Math.min(MOST_CUTS, gaps.size()));
  }

  private static float gapBefore(List<Segment> segments, int index) {
    Segment above = segments.get(index - 1);
    Segment below = segments.get(index);
    return above.row() == below.row()
        ? 0
        : (below.baseline() - above.baseline()) / Math.max(above.size(), below.size());
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
