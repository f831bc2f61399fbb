package dev.sluice.chunk;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import dev.sluice.document.BlankText;

/**
 * Counts cl100k tokens. The text is counted in segments cut where cl100k's own pre-tokenizer always
 * cuts (before a single space, after a line feed), so the sum is exact.
 *
 * <p>jtokkit's time grows faster than a run without such a place, so a run of more than {@value
 * #MAX_RUN} chars is counted in pieces of that length: there, and only there, the count can be a
 * token or two too high a piece. No chunk holds so long a run, blanks in its middle excepted.
 */
final class TokenCounter {
  static final int MAX_RUN = 16_384;
  private static final int SEGMENT = 4_096;

  private final Encoding encoding =
      Encodings.newLazyEncodingRegistry().getEncoding(EncodingType.CL100K_BASE);

  int count(String text) {
    return count(text, 0, text.length());
  }

  int count(String text, int start, int end) {
    return countUpTo(text, start, end, Integer.MAX_VALUE);
  }

  /**
   * The tokens of {@code text[start, end)}, or some number above {@code limit} if they are more.
   */
  int countUpTo(String text, int start, int end, int limit) {
    int tokens = 0;
    int at = start;
    while (at < end && tokens <= limit) {
      int to = segmentEnd(text, at, end);
      tokens += encoding.countTokensOrdinary(text.substring(at, to));
      at = to;
    }
    return tokens;
  }

  private static int segmentEnd(String text, int start, int end) {
    if (end - start <= SEGMENT) {
      return end;
    }
    for (int at = start + SEGMENT; at > start; at--) {
      if (isTokenBoundary(text, at)) {
        return at;
      }
    }
    int limit = Math.min(end, start + MAX_RUN);
    for (int at = start + SEGMENT + 1; at < limit; at++) {
      if (isTokenBoundary(text, at)) {
        return at;
      }
    }
    return limit < end && Character.isLowSurrogate(text.charAt(limit)) ? limit - 1 : limit;
  }

  private static boolean isTokenBoundary(String text, int at) {
    char before = text.charAt(at - 1);
    char after = text.charAt(at);
    if (before == '\n') {
      return !BlankText.isSpace(after);
    }
    return after == ' '
        && !BlankText.isSpace(before)
        && at + 1 < text.length()
        && !BlankText.isSpace(text.charAt(at + 1));
  }
}
