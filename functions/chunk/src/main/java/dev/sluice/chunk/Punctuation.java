package dev.sluice.chunk;

import dev.sluice.document.BlankText;

/** Ends of sentences and clauses, by their marks alone: no dictionary, no locale, linear. */
final class Punctuation {
  /** End a sentence when white space follows: Latin, Greek, Arabic, Urdu, Devanagari, Armenian. */
  private static final String SENTENCE_ENDS = ".!?\u2026\u037E\u061F\u06D4\u0964\u0965\u0589";

  /** Chinese and Japanese end a sentence without a space after it. */
  private static final String WIDE_SENTENCE_ENDS = "\u3002\uFF01\uFF1F\uFF0E\uFF61";

  private static final String CLAUSE_ENDS = ",;:\u2013\u2014\u060C\u061B";
  private static final String WIDE_CLAUSE_ENDS = "\uFF0C\u3001\uFF1B\uFF1A\uFF64";
  private static final String CLOSERS = "\"')]}*_\u00BB\u2019\u201D\u300D\u300F\uFF09\u3011";

  private Punctuation() {}

  static int sentenceEnd(CharSequence text, int from, int end) {
    for (int at = from; at < end; at++) {
      char c = text.charAt(at);
      if (c == '\n' && at + 1 < end && text.charAt(at + 1) == '\n') {
        return Lines.withLineEnds(text, at, end);
      }
      int after = sentenceEndAt(text, at, from, end);
      if (after > at) {
        return Lines.withLineEnds(text, after, end);
      }
    }
    return end;
  }

  static int clauseEnd(CharSequence text, int from, int end) {
    for (int at = from; at < end; at++) {
      char c = text.charAt(at);
      if (WIDE_CLAUSE_ENDS.indexOf(c) >= 0
          || (CLAUSE_ENDS.indexOf(c) >= 0 && isSpaceAt(text, at + 1, end))) {
        return Lines.withLineEnds(text, at + 1, end);
      }
    }
    return end;
  }

  /**
   * Behind the mark at {@code at} and its closing quotes and brackets, or {@code at} if none ends.
   */
  private static int sentenceEndAt(CharSequence text, int at, int from, int end) {
    char c = text.charAt(at);
    if (WIDE_SENTENCE_ENDS.indexOf(c) >= 0) {
      return afterClosers(text, at + 1, end);
    }
    if (SENTENCE_ENDS.indexOf(c) < 0) {
      return at;
    }
    int after = afterClosers(text, at + 1, end);
    boolean ends = isSpaceAt(text, after, end) && !isAbbreviation(text, at, after, from, end);
    return ends ? after : at;
  }

  /**
   * "z. B.", "J. Smith", "ca. 3", "e.g. this": a full stop after one letter, or before a small one.
   */
  private static boolean isAbbreviation(CharSequence text, int stop, int after, int from, int end) {
    if (text.charAt(stop) != '.') {
      return false;
    }
    boolean oneLetter =
        stop > from
            && Character.isLetter(text.charAt(stop - 1))
            && (stop - 1 == from || !Character.isLetterOrDigit(text.charAt(stop - 2)));
    boolean smallLetterNext = after + 1 < end && Character.isLowerCase(text.charAt(after + 1));
    return oneLetter || smallLetterNext;
  }

  private static int afterClosers(CharSequence text, int from, int end) {
    int at = from;
    while (at < end && CLOSERS.indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    return at;
  }

  private static boolean isSpaceAt(CharSequence text, int at, int end) {
    return at >= end || BlankText.isSpace(text.charAt(at));
  }
}
