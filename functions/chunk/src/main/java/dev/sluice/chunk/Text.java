package dev.sluice.chunk;

import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;

/**
 * A document's characters, read when they are needed and let go of when they are not. Offsets count
 * from the document's start; its length is how far it has been read.
 */
final class Text implements CharSequence {
  private static final int WINDOW = 1 << 16;

  private final Reader source;
  private char[] chars = new char[2 * WINDOW];
  private int base;
  private int keptFrom;
  private int end;
  private boolean complete;

  Text(Reader source) {
    this.source = source;
    readMore(0);
  }

  static Text of(String text) {
    return new Text(new StringReader(text));
  }

  @Override
  public char charAt(int at) {
    return chars[at - base];
  }

  @Override
  public int length() {
    return end;
  }

  @Override
  public CharSequence subSequence(int start, int end) {
    return substring(start, end);
  }

  @Override
  public String toString() {
    return substring(keptFrom, end);
  }

  String substring(int start, int end) {
    return new String(chars, start - base, end - start);
  }

  /** Where the line at {@code from} ends, its line feed not included, as far as it is read. */
  int lineEnd(int from) {
    int last = end - base;
    int at = from - base;
    while (at < last && chars[at] != '\n') {
      at++;
    }
    return at + base;
  }

  /** Whether all of the document has been read. */
  boolean isComplete() {
    return complete;
  }

  /** What is before {@code at} will not be asked for again. */
  void forgetBefore(int at) {
    keptFrom = Math.max(keptFrom, at);
  }

  /**
   * Reads on: at least as much again as is known from {@code from} on, so that whoever begins there
   * anew each time still takes time linear in the text.
   *
   * @throws UncheckedIOException if the source cannot be read
   */
  void readMore(int from) {
    makeRoomFor(Math.max(WINDOW, end - from));
    try {
      int read = 0;
      while (read >= 0 && end - base < chars.length) {
        read = source.read(chars, end - base, chars.length - (end - base));
        end += Math.max(0, read);
      }
      complete = read < 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The array that holds {@code charAt(at)} at {@link #index}; valid until more is read. */
  char[] array() {
    return chars;
  }

  int index(int at) {
    return at - base;
  }

  int offset(int index) {
    return index + base;
  }

  private void makeRoomFor(int wanted) {
    int kept = end - keptFrom;
    if (chars.length - (end - base) >= wanted) {
      return;
    }
    char[] target = kept + wanted <= chars.length ? chars : new char[kept + wanted];
    System.arraycopy(chars, keptFrom - base, target, 0, kept);
    chars = target;
    base = keptFrom;
  }
}
