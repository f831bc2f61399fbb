package dev.sluice.chunk;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The line of headings put before a chunk's text for the model: {@code Policy > Cover > Water}.
 * Capped, so that it never crowds out the text: the outermost headings go first.
 */
final class HeadingPrefix {
  static final int MAX_TOKENS = 96;

  private final TokenCounter counter;
  private @Nullable Heading last;
  private String lastPrefix = "";
  private int lastTokens;

  HeadingPrefix(TokenCounter counter) {
    this.counter = counter;
  }

  /** The line and an empty line; empty when no heading has a title. */
  String of(@Nullable Heading heading) {
    if (heading != last) {
      last = heading;
      lastPrefix = write(new ArrayList<>(Heading.path(heading)));
      lastTokens = counter.count(lastPrefix);
    }
    return lastPrefix;
  }

  /** Of {@link #of}, as if it stood alone: no token joins it to the text behind it. */
  int tokens(@Nullable Heading heading) {
    return of(heading).isEmpty() ? 0 : lastTokens;
  }

  private String write(List<String> titles) {
    if (titles.isEmpty()) {
      return "";
    }
    String line = String.join(" > ", titles);
    if (counter.count(line) <= MAX_TOKENS) {
      return line + "\n\n";
    }
    return write(titles.size() > 1 ? titles.subList(1, titles.size()) : halved(titles));
  }

  private static List<String> halved(List<String> titles) {
    String title = titles.getFirst();
    int half = title.offsetByCodePoints(0, title.codePointCount(0, title.length()) / 2);
    return List.of(title.substring(0, half).strip());
  }
}
