package dev.sluice.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import org.junit.jupiter.api.Test;

class TokenCounterTest {
  private static final Encoding CL100K =
      Encodings.newLazyEncodingRegistry().getEncoding(EncodingType.CL100K_BASE);

  private final TokenCounter counter = new TokenCounter();

  @Test
  void countsLongTextsInSegmentsExactly() {
    MarkdownTexts texts = new MarkdownTexts(23);
    for (int round = 0; round < 20; round++) {
      String text = texts.document(200);
      assertThat(counter.count(text)).isEqualTo(CL100K.countTokensOrdinary(text));
    }
  }

  @Test
  void countsMarkersOfTheModelAsText() {
    assertThat(counter.count("<|endoftext|>")).isEqualTo(7);
  }

  @Test
  void stopsSoonAboveTheLimit() {
    String text = "word ".repeat(100_000);
    assertThat(counter.countUpTo(text, 0, text.length(), 10)).isBetween(11, 5_000);
  }

  @Test
  void countsAnEndlessRunInPieces() {
    String run = "\uD83D\uDE00".repeat(40_000);
    assertThat(counter.count("x" + run)).isBetween(70_000, 90_000);
  }
}
