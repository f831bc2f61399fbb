package dev.sluice.simulator.pdf;

import java.text.Bidi;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;

/** The text of glyphs that stand from left to right, in the order in which it is read. */
final class LineText {
  /** Justified text of TeX squeezes its spaces to about 0.22 of the font size. */
  private static final float NARROWEST_SPACE = 0.14f;

  private static final float WIDEST_SPACE = 0.35f;
  private static final Pattern SPACES = Pattern.compile(" {2,}");
  private static final char SYMBOL_FONT_BULLET = '\uf0b7';

  private LineText() {}

  static String of(List<Glyph> glyphs) {
    List<String> clusters = clusters(glyphs);
    boolean turn = clusters.stream().anyMatch(LineText::hasRightToLeft);
    String text = String.join("", turn ? logical(clusters) : clusters).strip();
    return SPACES.matcher(text).replaceAll(" ");
  }

  /** Whether the text has a letter of a script that is written from right to left. */
  static boolean hasRightToLeft(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (isRightToLeft(text.charAt(i))) {
        return true;
      }
    }
    return false;
  }

  /** Whether most letters are of a script that is written from right to left. */
  static boolean isMostlyRightToLeft(Iterable<String> texts) {
    int balance = 0;
    for (String text : texts) {
      for (int i = 0; i < text.length(); i++) {
        char letter = text.charAt(i);
        balance += isRightToLeft(letter) ? 1 : Character.isLetter(letter) ? -1 : 0;
      }
    }
    return balance > 0;
  }

  private static boolean isRightToLeft(int point) {
    if (point < 0x590) {
      return false;
    }
    byte direction = Character.getDirectionality(point);
    return direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT
        || direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT_ARABIC;
  }

  private static List<String> clusters(List<Glyph> glyphs) {
    List<String> clusters = new ArrayList<>(glyphs.size() + glyphs.size() / 5);
    Glyph previous = null;
    for (Glyph glyph : glyphs) {
      if (previous != null && glyph.x() - previous.end() > spaceBetween(previous, glyph)) {
        clusters.add(" ");
      }
      clusters.add(clean(glyph.text()));
      previous = glyph;
    }
    return clusters;
  }

  private static float spaceBetween(Glyph left, Glyph right) {
    float size = Math.min(left.size(), right.size());
    float half = Math.min(left.space(), WIDEST_SPACE * left.size()) / 2;
    return Math.max(NARROWEST_SPACE * size, half);
  }

  /** Ligatures and presentation forms become letters; what cannot be seen goes. */
  private static String clean(String text) {
    StringBuilder cleaned = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char letter = text.charAt(i);
      if (letter == SYMBOL_FONT_BULLET) {
        cleaned.append('•');
      } else if (isPresentationForm(letter)) {
        cleaned.append(Normalizer.normalize(String.valueOf(letter), Normalizer.Form.NFKC));
      } else if (Character.isWhitespace(letter) || letter == '\u00a0') {
        cleaned.append(' ');
      } else if (!Character.isISOControl(letter) && letter != '\ufffd') {
        cleaned.append(letter);
      }
    }
    return cleaned.toString();
  }

  private static boolean isPresentationForm(char letter) {
    return (letter >= '\ufb00' && letter <= '\ufdff') || (letter >= '\ufe70' && letter <= '\ufefc');
  }

  /**
   * From the order on paper to the order in memory. In a line that runs from right to left,
   * everything is turned round and the numbers and Latin words in it are turned back; in one that
   * runs from left to right, only the right-to-left words are turned.
   */
  private static List<String> logical(List<String> visual) {
    boolean rightToLeft = isMostlyRightToLeft(visual);
    List<String> ordered = new ArrayList<>(rightToLeft ? visual.reversed() : visual);
    byte[] levels = levels(ordered, rightToLeft);
    int start = 0;
    for (int i = 1; i <= ordered.size(); i++) {
      if (i == ordered.size() || levels[i] % 2 != levels[start] % 2) {
        boolean against = levels[start] % 2 == (rightToLeft ? 0 : 1);
        if (against) {
          Collections.reverse(ordered.subList(start, i));
        }
        if (levels[start] % 2 == 1) {
          ordered.subList(start, i).replaceAll(LineText::mirrored);
        }
        start = i;
      }
    }
    return ordered;
  }

  /** One embedding level a cluster: odd is right to left. */
  private static byte[] levels(List<String> clusters, boolean rightToLeft) {
    StringBuilder text = new StringBuilder();
    int[] positions = new int[clusters.size()];
    for (int i = 0; i < positions.length; i++) {
      positions[i] = text.length();
      text.append(clusters.get(i).isEmpty() ? " " : clusters.get(i));
    }
    int flags = rightToLeft ? Bidi.DIRECTION_RIGHT_TO_LEFT : Bidi.DIRECTION_LEFT_TO_RIGHT;
    Bidi bidi = new Bidi(text.toString(), flags);
    byte[] levels = new byte[positions.length];
    for (int i = 0; i < positions.length; i++) {
      levels[i] = (byte) bidi.getLevelAt(positions[i]);
    }
    return levels;
  }

  private static String mirrored(String cluster) {
    return switch (cluster) {
      case "(" -> ")";
      case ")" -> "(";
      case "[" -> "]";
      case "]" -> "[";
      case "{" -> "}";
      case "}" -> "{";
      case "<" -> ">";
      case ">" -> "<";
      case "«" -> "»";
      case "»" -> "«";
      default -> cluster;
    };
  }
}
