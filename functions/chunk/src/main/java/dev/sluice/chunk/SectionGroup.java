package dev.sluice.chunk;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whole sections in a row that share one chunk, because all stand under one heading and fit. */
final class SectionGroup {
  private final List<Section> sections = new ArrayList<>();
  private int tokens;

  boolean isEmpty() {
    return sections.isEmpty();
  }

  void add(Section section) {
    sections.add(section);
    tokens += section.tokens();
  }

  void clear() {
    sections.clear();
    tokens = 0;
  }

  int tokens() {
    return tokens;
  }

  List<Block> blocks() {
    return sections.stream().flatMap(section -> section.blocks().stream()).toList();
  }

  /** Whether {@code next} stands under the heading that the group's first words stand below. */
  boolean isBeside(Section next) {
    Heading first = named().getFirst().heading();
    return Heading.isWithin(next.heading(), first == null ? null : first.parent());
  }

  /** Whether the group is headings alone, and {@code next} stands under the last of them. */
  boolean introduces(Section next) {
    return !isEmpty()
        && sections.stream().noneMatch(Section::hasWords)
        && Heading.isWithin(next.heading(), sections.getLast().heading());
  }

  /** The headings of the group's chunk; sections that are a heading alone lend it no name. */
  Scope scope() {
    List<Section> named = named();
    @Nullable Heading path = named.getFirst().heading();
    for (Section section : named) {
      path = Heading.common(path, section.heading());
    }
    return new Scope(named.getFirst().heading(), path, sections.getFirst().headingAbove());
  }

  private List<Section> named() {
    List<Section> speaking = sections.stream().filter(Section::hasWords).toList();
    return speaking.isEmpty() ? sections : speaking;
  }
}
