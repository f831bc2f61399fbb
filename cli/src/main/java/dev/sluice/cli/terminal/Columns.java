package dev.sluice.cli.terminal;

import java.util.ArrayList;
import java.util.List;

/** Text measured in terminal cells: wide scripts take two, combining marks none. */
public final class Columns {
  private Columns() {}

  static int width(String text) {
    return text.codePoints().map(Columns::cells).sum();
  }

  /** Cuts to the width, with an ellipsis where something was cut. */
  public static String fit(String text, int width) {
    if (width(text) <= width) {
      return text;
    }
    return width < 1 ? "" : cut(text, width - 1) + "…";
  }

  public static String padRight(String text, int width) {
    String fitting = fit(text, width);
    return fitting + " ".repeat(width - width(fitting));
  }

  public static String padLeft(String text, int width) {
    return " ".repeat(Math.max(0, width - width(text))) + text;
  }

  /** Breaks at spaces; a word longer than a line is cut. At most {@code lines} lines. */
  public static List<String> wrap(String text, int width, int lines) {
    List<String> wrapped = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.strip().split("\\s+")) {
      if (!line.isEmpty() && width(line.toString()) + 1 + width(word) > width) {
        wrapped.add(line.toString());
        line.setLength(0);
        if (wrapped.size() == lines) {
          wrapped.set(lines - 1, fit(wrapped.getLast() + " …", width));
          return wrapped;
        }
      }
      line.append(line.isEmpty() ? "" : " ").append(fit(word, width));
    }
    wrapped.add(line.toString());
    return wrapped;
  }

  private static String cut(String text, int width) {
    int used = 0;
    int end = 0;
    while (end < text.length()) {
      int codePoint = text.codePointAt(end);
      used += cells(codePoint);
      if (used > width) {
        break;
      }
      end += Character.charCount(codePoint);
    }
    return text.substring(0, end);
  }

  private static int cells(int codePoint) {
    int type = Character.getType(codePoint);
    if (type == Character.NON_SPACING_MARK
        || type == Character.ENCLOSING_MARK
        || type == Character.FORMAT) {
      return 0;
    }
    return isWide(codePoint) ? 2 : 1;
  }

  private static boolean isWide(int codePoint) {
    return (codePoint >= 0x1100 && codePoint <= 0x115f)
        || (codePoint >= 0x2e80 && codePoint <= 0xa4cf)
        || (codePoint >= 0xac00 && codePoint <= 0xd7a3)
        || (codePoint >= 0xf900 && codePoint <= 0xfaff)
        || (codePoint >= 0xfe30 && codePoint <= 0xfe6f)
        || (codePoint >= 0xff00 && codePoint <= 0xff60)
        || (codePoint >= 0x1f300 && codePoint <= 0x1faff)
        || (codePoint >= 0x20000 && codePoint <= 0x3fffd);
  }
}
