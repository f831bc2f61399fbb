package dev.sluice.simulator.pdf;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What size the body of a document is set in, and which larger sizes are its headings. */
final class Typography {
  private static final float LARGER = 1.12f;
  private static final int MOST_LEVELS = 4;
  private static final int LONGEST_HEADING = 160;
  private static final int LONGEST_BOLD_HEADING = 100;

  /** If more of the text than this is bold, bold marks nothing. */
  private static final double BOLD_IS_COMMON = 0.4;

  private final float body;
  private final List<Float> headingSizes;
  private final boolean boldMarksHeadings;

  private Typography(float body, List<Float> headingSizes, boolean boldMarksHeadings) {
    this.body = body;
    this.headingSizes = headingSizes;
    this.boldMarksHeadings = boldMarksHeadings;
  }

  static Typography of(List<PageLayout> pages) {
    Map<Float, Integer> letters = new HashMap<>();
    int all = 0;
    int bold = 0;
    for (PageLayout page : pages) {
      for (Line line : page.lines()) {
        letters.merge(rounded(line.size()), line.letters(), Integer::sum);
        all += line.letters();
        bold += line.bold() ? line.letters() : 0;
      }
    }
    float body =
        letters.entrySet().stream()
            .max(Map.Entry.comparingByValue())
            .map(Map.Entry::getKey)
            .orElse(10f);
    List<Float> larger =
        letters.entrySet().stream()
            .filter(size -> size.getKey() > body * LARGER && size.getValue() > 0)
            .map(Map.Entry::getKey)
            .sorted(Comparator.reverseOrder())
            .toList();
    return new Typography(body, larger, bold < BOLD_IS_COMMON * all);
  }

  static float rounded(float size) {
    return Math.round(size * 2) / 2f;
  }

  /** The heading level of a line from 1, or 0 if it is not a heading. */
  int level(Line line) {
    if (line.letters() == 0 || line.text().length() > LONGEST_HEADING) {
      return 0;
    }
    int rank = headingSizes.indexOf(rounded(line.size()));
    if (rank >= 0) {
      return Math.min(rank + 1, MOST_LEVELS);
    }
    return isBoldHeading(line) ? Math.min(headingSizes.size(), MOST_LEVELS) + 1 : 0;
  }

  /** Whether the line is set larger than the body. */
  boolean isLarger(Line line) {
    return line.size() > body * LARGER;
  }

  /** Whether only its weight makes the line a heading, so that its surroundings must agree. */
  boolean isMarkedByWeight(Line line) {
    return headingSizes.indexOf(rounded(line.size())) < 0;
  }

  private boolean isBoldHeading(Line line) {
    return boldMarksHeadings
        && line.bold()
        && line.cells().size() == 1
        && line.size() >= body * 0.95f
        && line.text().length() <= LONGEST_BOLD_HEADING
        && !line.endsSentence()
        && !line.text().endsWith(",");
  }
}
