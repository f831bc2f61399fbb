package dev.sluice.simulator.pdf;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The mark at the start of a list item.
 *
 * @param markdown the mark as Markdown writes it: {@code -} or {@code 3.}
 * @param rest the item's text; a lettered mark such as (a) stays in it, since Markdown has none
 */
record ListMarker(String markdown, String rest) {
  private static final Pattern BULLET =
      Pattern.compile("([•◦▪▫‣●○■□➢✓–—*-])\\s+(\\S.*)", Pattern.DOTALL);
  private static final Pattern NUMBER = Pattern.compile("\\(?(\\d{1,2})[.)]\\s+(\\S.*)");
  private static final Pattern LETTER =
      Pattern.compile("(\\((?:[a-z]|[ivx]{1,5})\\)|(?:[a-z]|[ivx]{2,5})\\))\\s+\\S.*");

  static Optional<ListMarker> at(String text) {
    Matcher bullet = BULLET.matcher(text);
    if (bullet.matches()) {
      return Optional.of(new ListMarker("-", bullet.group(2)));
    }
    Matcher number = NUMBER.matcher(text);
    if (number.matches()) {
      return Optional.of(new ListMarker(number.group(1) + ".", number.group(2)));
    }
    return LETTER.matcher(text).matches()
        ? Optional.of(new ListMarker("-", text))
        : Optional.empty();
  }
}
