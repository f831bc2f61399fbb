package dev.sluice.validate;

import dev.sluice.document.BlankText;
import dev.sluice.document.CodeFence;
import dev.sluice.document.PageMark;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Lines to the canonical text: at most one blank line in a row outside fenced code, none at the
 * beginning and the end, one line feed at the end.
 */
final class CanonicalText {
  private final int maxBytes;
  private final ByteArrayOutputStream utf8;
  private @Nullable CodeFence fence;
  private int blankLines;
  private boolean saysSomething;
  private boolean tooLarge;

  CanonicalText(int maxBytes, int expectedBytes) {
    this.maxBytes = maxBytes;
    this.utf8 = new ByteArrayOutputStream(expectedBytes);
  }

  void append(String line) {
    if (tooLarge) {
      return;
    }
    if (BlankText.isBlank(line, 0, line.length())) {
      blankLines++;
      return;
    }
    writeBlankLines();
    utf8.writeBytes(line.getBytes(StandardCharsets.UTF_8));
    utf8.write('\n');
    saysSomething |= PageMark.number(line, 0, line.length()).isEmpty();
    fence = CodeFence.after(fence, line, 0, line.length());
    tooLarge = utf8.size() > maxBytes;
  }

  /** Composing can make a text longer, so the limit is checked on what is kept too. */
  boolean isTooLarge() {
    return tooLarge;
  }

  /** Whether there is anything besides blank lines and page marks. */
  boolean saysSomething() {
    return saysSomething;
  }

  byte[] utf8() {
    return utf8.toByteArray();
  }

  private void writeBlankLines() {
    int kept = fence != null ? blankLines : Math.min(1, blankLines);
    for (int written = 0; utf8.size() > 0 && written < kept; written++) {
      utf8.write('\n');
    }
    blankLines = 0;
  }
}
