package dev.sluice.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TokenCounterTest {
  private static final Encoding CL100K =
      Encodings.newLazyEncodingRegistry().getEncoding(EncodingType.CL100K_BASE);

  private final TokenCounter counter = new TokenCounter();

  @Test
  void countsDocumentsAsTheModelDoes() {
    MarkdownTexts texts = new MarkdownTexts(23);
    for (int round = 0; round < 20; round++) {
      agrees(texts.document(200));
      agrees(texts.hostile(200));
    }
  }

  /** Every kind of character beside every other, from all of Unicode; and words said again. */
  @Test
  void countsAnyCharactersAsTheModelDoes() {
    Random random = new Random(7);
    String[] rare = {
      "'s", "'LL", "'\u017F", "\r\n", " \n ", "\u0085", "\u00A0", "\u3000", "\u00BD"
    };
    int[] limits = {0x80, 0x250, 0x800, 0x3100, 0x10000, 0x30000};
    for (int round = 0; round < 6_000; round++) {
      StringBuilder text = new StringBuilder();
      int limit = limits[round % limits.length];
      for (int length = random.nextInt(40); length > 0; length--) {
        switch (random.nextInt(5)) {
          case 0 -> text.append(rare[random.nextInt(rare.length)]);
          case 1 -> text.append(random.nextBoolean() ? " " : "\n");
          case 2 -> text.append((char) ('a' + random.nextInt(26)));
          default -> text.appendCodePoint(anyBut(random.nextInt(limit)));
        }
      }
      agrees(text.toString());
    }
  }

  @Test
  void knowsEachCodePointAsTheModelDoes() {
    for (int codePoint = 0; codePoint < 0x110000; codePoint += codePoint < 0x3400 ? 1 : 97) {
      String c = Character.toString(anyBut(codePoint));
      agrees("a" + c + "b " + c + c + "1" + c + "2 \n" + c + "\n" + c + " x");
    }
  }

  @Test
  void countsMarkersOfTheModelAsText() {
    assertThat(counter.count("<|endoftext|>")).isEqualTo(7);
  }

  @Test
  void countsAnEndlessPieceInParts() {
    String run = "\uD83D\uDE00".repeat(40_000);
    assertThat(counter.count("x" + run)).isBetween(70_000, 90_000);
  }

  private void agrees(String text) {
    assertThat(counter.count(text)).as(text).isEqualTo(CL100K.countTokensOrdinary(text));
  }

  private static int anyBut(int codePoint) {
    return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE
        ? '?'
        : codePoint;
  }
}
