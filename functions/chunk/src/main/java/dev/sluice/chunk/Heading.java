package dev.sluice.chunk;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A heading and those above it. Compared by identity: two sections may bear the same title. */
final class Heading {
  /** In code points; a longer "heading" is a paragraph that a parser took for one. */
  private static final int MAX_TITLE = 200;

  private static final Pattern SPACES = Pattern.compile("\\s+");

  private final int level;
  private final String title;
  private final @Nullable Heading parent;

  private Heading(int level, String title, @Nullable Heading parent) {
    this.level = level;
    this.title = title;
    this.parent = parent;
  }

  /**
   * The heading that follows {@code previous} in the text.
   *
   * @param level 1 to 6; the parent is the nearest heading before it with a lower level
   */
  static Heading following(@Nullable Heading previous, int level, String markdown) {
    Heading parent = previous;
    while (parent != null && parent.level >= level) {
      parent = parent.parent;
    }
    return new Heading(level, plainTitle(markdown), parent);
  }

  /** The deepest heading that both stand under, or are; null is the document itself. */
  static @Nullable Heading common(@Nullable Heading one, @Nullable Heading other) {
    Heading candidate = one;
    while (candidate != null && !isWithin(other, candidate)) {
      candidate = candidate.parent;
    }
    return candidate;
  }

  /** Whether {@code heading} is {@code ancestor} or stands under it; all stand under null. */
  static boolean isWithin(@Nullable Heading heading, @Nullable Heading ancestor) {
    Heading at = heading;
    while (at != null && at != ancestor) {
      at = at.parent;
    }
    return at == ancestor;
  }

  /** Titles from the outermost to this one; empty titles are left out. */
  static List<String> path(@Nullable Heading heading) {
    Deque<String> titles = new ArrayDeque<>();
    for (Heading at = heading; at != null; at = at.parent) {
      if (!at.title.isEmpty()) {
        titles.addFirst(at.title);
      }
    }
    return List.copyOf(titles);
  }

  int level() {
    return level;
  }

  String title() {
    return title;
  }

  @Nullable Heading parent() {
    return parent;
  }

  private static String plainTitle(String markdown) {
    String plain = hasMarkup(markdown) ? withoutMarkup(markdown) : markdown;
    return plain.length() <= MAX_TITLE || plain.codePointCount(0, plain.length()) <= MAX_TITLE
        ? plain
        : plain.substring(0, plain.offsetByCodePoints(0, MAX_TITLE)).strip();
  }

  /** Emphasis, code, spaces that are not one between words; also where there is none after all. */
  private static boolean hasMarkup(String title) {
    char before = ' ';
    for (int at = 0; at < title.length(); at++) {
      char c = title.charAt(at);
      boolean space = Character.isWhitespace(c);
      if ("*_`".indexOf(c) >= 0 || (space && (c != ' ' || before == ' '))) {
        return true;
      }
      before = c;
    }
    return before == ' ';
  }

  private static String withoutMarkup(String markdown) {
    String words = markdown.replace("**", "").replace("__", "").replace("`", "");
    return SPACES.matcher(words).replaceAll(" ").strip();
  }
}
