package dev.sluice.simulator.pdf;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes one page as Markdown. */
final class PageMarkdown {
  private final Typography typography;
  private final Blocks blocks = new Blocks();

  private PageMarkdown(Typography typography) {
    this.typography = typography;
  }

  static String of(PageLayout page, Typography typography) {
    PageMarkdown markdown = new PageMarkdown(typography);
    page.regions().forEach(markdown::region);
    return markdown.blocks.finish();
  }

  private void region(List<Line> lines) {
    Spacing spacing = Spacing.of(lines);
    Line previous = null;
    for (int i = 0; i < lines.size(); i++) {
      Line line = lines.get(i);
      Optional<Table> table = Table.at(lines, i);
      if (table.isPresent()) {
        blocks.table(table.get());
        i += table.get().length() - 1;
        previous = null;
      } else {
        line(line, previous, i + 1 < lines.size() ? lines.get(i + 1) : null, spacing);
        previous = line;
      }
    }
  }

  private void line(Line line, @Nullable Line previous, @Nullable Line next, Spacing spacing) {
    int level = typography.level(line);
    if (level > 0 && isHeading(line, previous, next, spacing)) {
      boolean continues =
          previous != null
              && typography.level(previous) == level
              && spacing.isNormal(previous, line);
      blocks.heading(level, line.text(), continues);
      return;
    }
    boolean breaks = previous == null ? breaksColumn(line) : spacing.breaks(previous, line);
    Optional<ListMarker> marker =
        breaks || blocks.endsSentenceOrList() ? ListMarker.at(line.text()) : Optional.empty();
    if (marker.isPresent()) {
      blocks.item(marker.get(), spacing.indent(line));
    } else if (breaks && !blocks.isItemContinuedAt(spacing.indent(line), previous, line, spacing)) {
      blocks.paragraph(line.text());
    } else {
      blocks.append(line.text());
    }
  }

  /** A bold line is a heading only if it stands by itself: a bold paragraph is not. */
  private boolean isHeading(
      Line line, @Nullable Line previous, @Nullable Line next, Spacing spacing) {
    if (!typography.isMarkedByWeight(line)) {
      return true;
    }
    boolean apart = previous == null || spacing.breaks(previous, line) || !previous.bold();
    boolean alone = next == null || !next.bold() || !spacing.isNormal(line, next);
    return apart && alone;
  }

  /** A sentence may run on from the foot of one column to the head of the next. */
  private boolean breaksColumn(Line line) {
    return blocks.endsSentence()
        || !Character.isLowerCase(line.text().codePointAt(0))
        || ListMarker.at(line.text()).isPresent();
  }
}
