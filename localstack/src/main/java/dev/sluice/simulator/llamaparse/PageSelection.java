package dev.sluice.simulator.llamaparse;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which pages of a document to parse.
 *
 * @param ranges pairs of first and last page, from 1; empty for all
 * @param maxPages how many of them at most, null for no limit
 */
record PageSelection(List<List<Integer>> ranges, @Nullable Integer maxPages) {

  static final PageSelection ALL = new PageSelection(List.of(), null);

  /** Reads {@code 1,3,5-8}; empty if it is not of that form. */
  static Optional<List<List<Integer>>> ranges(String text) {
    List<List<Integer>> ranges = new ArrayList<>();
    for (String part : text.split(",")) {
      if (!part.strip().matches("[1-9]\\d{0,5}(-[1-9]\\d{0,5})?")) {
        return Optional.empty();
      }
      String[] ends = part.strip().split("-");
      ranges.add(List.of(Integer.valueOf(ends[0]), Integer.valueOf(ends[ends.length - 1])));
    }
    return Optional.of(ranges);
  }

  @JsonIgnore
  boolean isAll() {
    return ranges.isEmpty() && maxPages == null;
  }

  /** Picks from a list that begins with page 1. */
  <T> List<T> pick(List<T> pages) {
    List<T> picked = new ArrayList<>();
    for (int number = 1; number <= pages.size(); number++) {
      boolean room = maxPages == null || picked.size() < maxPages;
      if (room && contains(number)) {
        picked.add(pages.get(number - 1));
      }
    }
    return picked;
  }

  private boolean contains(int number) {
    return ranges.isEmpty()
        || ranges.stream().anyMatch(range -> range.get(0) <= number && number <= range.get(1));
  }
}
