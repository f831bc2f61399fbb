package dev.sluice.chunk;

import dev.sluice.document.BlankText;

/**
 * Places to cut a block that is too long. Each finds its next place in time linear in the distance
 * to it, and looks at no text before it.
 *
 * <p>White space goes with the word that follows it, as the tokenizer has it, but line ends go with
 * the line that they end.
 */
enum Cut {
  /** Before a list item, at any depth. */
  ITEM {
    @Override
    int next(CharSequence text, int from, int end) {
      int at = Lines.next(text, from, end);
      while (at < end && !Lines.isListItem(text, at, Lines.end(text, at, end))) {
        at = Lines.next(text, at, end);
      }
      return at;
    }
  },
  /** After a line. */
  LINE {
    @Override
    int next(CharSequence text, int from, int end) {
      return Lines.next(text, from, end);
    }
  },
  /** After a sentence, or a blank line. */
  SENTENCE {
    @Override
    int next(CharSequence text, int from, int end) {
      return Punctuation.sentenceEnd(text, from, end);
    }
  },
  /** After a comma, semicolon, colon or dash. */
  CLAUSE {
    @Override
    int next(CharSequence text, int from, int end) {
      return Punctuation.clauseEnd(text, from, end);
    }
  },
  /** After a word, in scripts that put space between words. */
  WORD {
    @Override
    int next(CharSequence text, int from, int end) {
      int at = from;
      while (at < end && BlankText.isSpace(text.charAt(at))) {
        at++;
      }
      while (at < end && !BlankText.isSpace(text.charAt(at))) {
        at++;
      }
      return Lines.withLineEnds(text, at, end);
    }
  };

  /** The first place to cut after {@code from}, or {@code end}. */
  abstract int next(CharSequence text, int from, int end);
}
