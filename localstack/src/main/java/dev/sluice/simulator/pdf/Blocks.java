package dev.sluice.simulator.pdf;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The blocks of a page as they are written: one is open at a time and takes further lines. */
final class Blocks {
  private static final float SAME_INDENT = 4;
  private static final Pattern BLOCK_START =
      Pattern.compile("^(#{1,6} |> |[-+*] |\\d+[.)] |```|~~~|={3,}$|-{3,}$)");

  private final StringBuilder page = new StringBuilder();
  private final StringBuilder open = new StringBuilder();
  private final Deque<Float> listIndents = new ArrayDeque<>();
  private Kind kind = Kind.NONE;
  private String prefix = "";

  private enum Kind {
    NONE,
    HEADING,
    PARAGRAPH,
    ITEM
  }

  void heading(int level, String text, boolean continues) {
    if (continues && kind == Kind.HEADING) {
      join(text);
    } else {
      begin(Kind.HEADING, "#".repeat(level) + " ", text);
      listIndents.clear();
    }
  }

  void paragraph(String text) {
    begin(Kind.PARAGRAPH, "", text);
    listIndents.clear();
  }

  void item(ListMarker marker, float indent) {
    while (!listIndents.isEmpty() && listIndents.peek() > indent + SAME_INDENT) {
      listIndents.pop();
    }
    if (listIndents.isEmpty() || listIndents.peek() < indent - SAME_INDENT) {
      listIndents.push(indent);
    }
    String nesting = "   ".repeat(listIndents.size() - 1);
    begin(Kind.ITEM, nesting + marker.markdown() + " ", marker.rest());
  }

  void table(Table table) {
    close();
    listIndents.clear();
    page.append(page.isEmpty() ? "" : "\n").append(table.markdown());
  }

  /** Adds a line to the open paragraph or item, or opens a paragraph with it. */
  void append(String text) {
    if (kind == Kind.NONE || kind == Kind.HEADING) {
      paragraph(text);
    } else {
      join(text);
    }
  }

  boolean endsSentence() {
    return kind != Kind.PARAGRAPH && kind != Kind.ITEM || endsWithAny(".:;?!");
  }

  boolean endsSentenceOrList() {
    return kind == Kind.ITEM || endsSentence();
  }

  /** A line that stands in from its list's marks belongs to the item, even after a full stop. */
  boolean isItemContinuedAt(float indent, @Nullable Line previous, Line line, Spacing spacing) {
    return kind == Kind.ITEM
        && previous != null
        && !listIndents.isEmpty()
        && indent > listIndents.peek() + SAME_INDENT
        && spacing.isNormal(previous, line);
  }

  String finish() {
    close();
    return page.toString().strip();
  }

  private void begin(Kind next, String newPrefix, String text) {
    boolean sameList = kind == Kind.ITEM && next == Kind.ITEM;
    close();
    if (!page.isEmpty() && !sameList) {
      page.append('\n');
    }
    kind = next;
    prefix = newPrefix;
    open.append(text);
  }

  private void close() {
    if (kind != Kind.NONE) {
      page.append(prefix).append(escaped(open.toString())).append('\n');
    }
    open.setLength(0);
    kind = Kind.NONE;
  }

  /** Text that would read as Markdown's own marks, or as our page mark, is made plain. */
  private String escaped(String text) {
    String safe = text.replace("<!--", "&lt;!--");
    return kind == Kind.PARAGRAPH && BLOCK_START.matcher(safe).find() ? "\\" + safe : safe;
  }

  private void join(String text) {
    int last = open.length() - 1;
    boolean hyphen = last > 0 && (endsWithAny("-‐\u00ad"));
    boolean word = hyphen && Character.isLetter(open.charAt(last - 1));
    if (word && !text.isEmpty() && Character.isLowerCase(text.codePointAt(0))) {
      open.setLength(last);
    } else if (!hyphen || !word) {
      open.append(' ');
    }
    open.append(text);
  }

  private boolean endsWithAny(String marks) {
    return !open.isEmpty() && marks.indexOf(open.charAt(open.length() - 1)) >= 0;
  }
}
