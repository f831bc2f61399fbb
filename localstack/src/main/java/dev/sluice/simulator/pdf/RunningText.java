package dev.sluice.simulator.pdf;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Drops what is printed on every page: running headers, footers and page numbers. */
final class RunningText {
  private static final float EDGE = 0.1f;
  private static final int FEWEST_REPEATS = 3;
  private static final double REPEATED_SHARE = 0.3;
  private static final Pattern PAGE_NUMBER =
      Pattern.compile(
          "[-–—| ]*(?:(?:page|seite|p\\.) *)?(?:\\d{1,4}|[ivxl]{1,7})(?: *(?:/|of|von) *\\d{1,4})?[-–—|. ]*",
          Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
  private static final Pattern DIGITS = Pattern.compile("\\d+");

  private RunningText() {}

  static List<PageLayout> drop(List<PageLayout> pages, Typography typography) {
    Map<String, Integer> repeats = new HashMap<>();
    for (PageLayout page : pages) {
      page.lines().stream()
          .filter(line -> isAtEdge(line, page))
          .map(RunningText::pattern)
          .distinct()
          .forEach(pattern -> repeats.merge(pattern, 1, Integer::sum));
    }
    double needed = Math.max(FEWEST_REPEATS, pages.size() * REPEATED_SHARE);
    Predicate<Line> repeated =
        line ->
            PAGE_NUMBER.matcher(line.text()).matches()
                || repeats.getOrDefault(pattern(line), 0) >= needed;
    return pages.stream()
        .map(page -> without(page, repeated.and(line -> isSmall(line, page, typography))))
        .toList();
  }

  private static PageLayout without(PageLayout page, Predicate<Line> dropped) {
    List<List<Line>> regions =
        page.regions().stream()
            .map(lines -> lines.stream().filter(dropped.negate()).toList())
            .filter(lines -> !lines.isEmpty())
            .toList();
    return new PageLayout(page.number(), page.height(), regions);
  }

  /** "Chapter 3" in large letters at the top of a page is a heading, however often it recurs. */
  private static boolean isSmall(Line line, PageLayout page, Typography typography) {
    return isAtEdge(line, page) && !typography.isLarger(line);
  }

  private static boolean isAtEdge(Line line, PageLayout page) {
    return line.y() < page.height() * EDGE || line.y() > page.height() * (1 - EDGE);
  }

  /** The same place and the same words, whatever the numbers in them. */
  private static String pattern(Line line) {
    return Math.round(line.y() / 4) + " " + DIGITS.matcher(line.text()).replaceAll("#");
  }
}
