package dev.sluice.simulator.openai;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Splits text into lower-case words; scripts written without spaces give one word a character. */
final class Words {
  private Words() {}

  static List<String> of(String text) {
    String folded = Normalizer.normalize(text, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
    List<String> words = new ArrayList<>();
    int start = -1;
    for (int i = 0; i < folded.length(); ) {
      int point = folded.codePointAt(i);
      int next = i + Character.charCount(point);
      if (Character.isIdeographic(point)) {
        start = flush(folded, start, i, words);
        words.add(folded.substring(i, next));
      } else if (isPartOfWord(point)) {
        start = start < 0 ? i : start;
      } else {
        start = flush(folded, start, i, words);
      }
      i = next;
    }
    flush(folded, start, folded.length(), words);
    return words;
  }

  private static int flush(String text, int start, int end, List<String> words) {
    if (start >= 0) {
      words.add(text.substring(start, end));
    }
    return -1;
  }

  private static boolean isPartOfWord(int point) {
    return Character.isLetterOrDigit(point)
        || Character.getType(point) == Character.NON_SPACING_MARK
        || Character.getType(point) == Character.COMBINING_SPACING_MARK;
  }
}
