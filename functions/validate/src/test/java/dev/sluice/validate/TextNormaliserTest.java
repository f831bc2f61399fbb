package dev.sluice.validate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.sluice.validate.Normalisation.Accepted;
import dev.sluice.validate.Normalisation.Refused;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextNormaliserTest {
  private static final TextNormaliser NORMALISER = new TextNormaliser(64 * 1024 * 1024);

  /** Pieces that meet each other badly: every rule and its edges. */
  private static final String[] PIECES = {
    "a",
    "Z ",
    "\n",
    "\r\n",
    "\r",
    "\n\n\n",
    "\t",
    "  ",
    "\u00A0",
    "\u200B",
    "\uFEFF",
    "\u0000",
    "\u0007",
    "\f",
    "\u0085",
    "\u2028",
    "e\u0301",
    "\u0301\u0316",
    "\u0344",
    "\u0F73",
    "\u1100",
    "\u1161",
    "\u11A8",
    "\u212B",
    "\u1FEF",
    "\u037E",
    "```",
    "\n```\n",
    "~~~~\n",
    "\n~~~\n",
    "\n<!-- page 7 -->\n",
    "# t\n",
    "\uD83D\uDE00",
    "\u09C7\u09BE",
    "\uD834\uDD5E",
    "x\u0344\u0344",
  };

  @Test
  void makesOneLineEndOfEvery() {
    assertThat(text("a\r\nb\rc\nd\fe\u000Bf\u0085g\u2028h\u2029i"))
        .isEqualTo("a\nb\nc\nd\ne\nf\ng\nh\ni\n");
  }

  @Test
  void removesControlCharactersButKeepsTabs() {
    assertThat(text("a\u0000b\u001Bc\td\u007F\u009Fe\uFEFF")).isEqualTo("abc\tde\n");
  }

  @Test
  void composesToNfc() {
    assertThat(text("cafe\u0301 \u212B")).isEqualTo("caf\u00E9 \u00C5\n");
  }

  @Test
  void composesAcrossARemovedControlCharacter() {
    assertThat(text("e\u0000\u0301")).isEqualTo("\u00E9\n");
  }

  @Test
  void stripsTrailingSpacesOfEveryKind() {
    assertThat(text("a  \t\n  b\u00A0\u3000\n")).isEqualTo("a\n  b\n");
  }

  @Test
  void keepsOneBlankLineOfARun() {
    assertThat(text("\n\n a\n \n\u200B\n\nb\n\n\n")).isEqualTo(" a\n\nb\n");
  }

  @Test
  void keepsEveryBlankLineInsideFencedCode() {
    assertThat(text("a\n\n\n```\nx\n\n\n\ny\n```\n\n\nb"))
        .isEqualTo("a\n\n```\nx\n\n\n\ny\n```\n\nb\n");
  }

  @Test
  void letsAPageMarkEndAnUnclosedFence() {
    assertThat(text("```\nx\n<!-- page 2 -->\n\n\n\nb"))
        .isEqualTo("```\nx\n<!-- page 2 -->\n\nb\n");
  }

  @Test
  void readsUtf8WithAByteOrderMark() {
    assertThat(text("\uFEFFabc")).isEqualTo("abc\n");
  }

  @ParameterizedTest
  @CsvSource({"UTF-16BE", "UTF-16LE"})
  void convertsUtf16WithAByteOrderMark(String encoding) {
    byte[] bytes = "\uFEFFgr\u00FC\u00DFe \uD83D\uDE00".getBytes(Charset.forName(encoding));
    assertThat(text(bytes)).isEqualTo("gr\u00FC\u00DFe \uD83D\uDE00\n");
  }

  @Test
  void refusesBytesThatAreNotUtf8AndSaysWhere() {
    Refused refused = refused(new byte[] {'a', 'b', (byte) 0xE9, 't', 'e'});
    assertThat(refused.code()).isEqualTo("not_utf8");
    assertThat(refused.sentence()).contains("not valid UTF-8").contains("offset 2");
  }

  @Test
  void refusesATruncatedCharacterAtTheEnd() {
    assertThat(refused(new byte[] {'a', (byte) 0xE2, (byte) 0x82}).sentence()).contains("offset 1");
  }

  @Test
  void refusesAnErrorFarIntoTheTextAtItsExactOffset() {
    byte[] bytes = "x".repeat(100_000).getBytes(UTF_8);
    bytes[70_001] = (byte) 0xFF;
    assertThat(refused(bytes).sentence()).contains("offset 70001");
  }

  @Test
  void refusesEncodedSurrogates() {
    assertThat(refused(new byte[] {(byte) 0xED, (byte) 0xA0, (byte) 0x80}).code())
        .isEqualTo("not_utf8");
  }

  @Test
  void refusesHalfAUtf16Pair() {
    Refused refused = refused(new byte[] {(byte) 0xFE, (byte) 0xFF, (byte) 0xD8, 0x3D, 0, 'a'});
    assertThat(refused.code()).isEqualTo("not_utf8");
    assertThat(refused.sentence()).contains("UTF-16");
  }

  @Test
  void refusesUtf32() {
    Refused refused = refused("\uFEFFabc".getBytes(Charset.forName("UTF-32LE")));
    assertThat(refused.code()).isEqualTo("not_utf8");
    assertThat(refused.sentence()).contains("UTF-32");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\uFEFF",
        " \r\n\t\u00A0\n",
        "\u0000\u200B",
        "<!-- page 1 -->\n\n<!-- page 2 -->\n"
      })
  void refusesATextThatSaysNothing(String text) {
    assertThat(refused(text.getBytes(UTF_8)).code()).isEqualTo("empty_text");
  }

  @Test
  void refusesATextAboveTheLimit() {
    TextNormaliser small = new TextNormaliser(10);
    assertThat(small.normalise("123456789\n".getBytes(UTF_8))).isInstanceOf(Accepted.class);
    assertThat(small.normalise("1234567890\n".getBytes(UTF_8)))
        .isInstanceOfSatisfying(
            Refused.class, refused -> assertThat(refused.code()).isEqualTo("text_too_large"));
  }

  @Test
  void appliesTheLimitToTheComposedTextToo() {
    // One character of three bytes that NFC turns into two of six bytes.
    byte[] bytes = "\uFB2C\n".repeat(10).getBytes(UTF_8);
    assertThat(new TextNormaliser(bytes.length).normalise(bytes))
        .isInstanceOfSatisfying(
            Refused.class, refused -> assertThat(refused.code()).isEqualTo("text_too_large"));
  }

  @Test
  void hashesTheCanonicalBytes() {
    Accepted accepted = (Accepted) NORMALISER.normalise("abc".getBytes(UTF_8));
    assertThat(accepted.sha256())
        .isEqualTo("edeaaff3f1774ad2888673770c6d64097e391bc362d7d6fb34982ddf0efd18cb");
  }

  @Test
  void givesTheSameHashForTheSameWords() {
    Accepted one = (Accepted) NORMALISER.normalise("caf\u00E9\n\nbar\n".getBytes(UTF_8));
    Accepted other = (Accepted) NORMALISER.normalise("cafe\u0301  \r\n\r\n\r\nbar".getBytes(UTF_8));
    assertThat(other.sha256()).isEqualTo(one.sha256());
  }

  @Test
  void changesNothingTheSecondTime() {
    Random random = new Random(7);
    for (int round = 0; round < 20_000; round++) {
      byte[] input = randomText(random).getBytes(UTF_8);
      if (NORMALISER.normalise(input) instanceof Accepted once) {
        assertThat(NORMALISER.normalise(once.utf8()))
            .as("round %d", round)
            .isInstanceOfSatisfying(
                Accepted.class,
                twice -> {
                  assertThat(new String(twice.utf8(), UTF_8))
                      .isEqualTo(new String(once.utf8(), UTF_8));
                  assertThat(twice.sha256()).isEqualTo(once.sha256());
                });
      }
    }
  }

  @Test
  void keepsNothingThatTheRulesForbid() {
    Random random = new Random(11);
    for (int round = 0; round < 5_000; round++) {
      if (NORMALISER.normalise(randomText(random).getBytes(UTF_8)) instanceof Accepted accepted) {
        assertThat(new String(accepted.utf8(), UTF_8))
            .endsWith("\n")
            .doesNotStartWith("\n")
            .doesNotEndWith("\n\n")
            .doesNotContainPattern("[\\p{Cntrl}&&[^\t\n]]")
            .doesNotContainPattern("[ \t]\n");
      }
    }
  }

  @Test
  void takesLinearTimeOnHostileInput() {
    String marks = "e" + "\u0301\u0316".repeat(2_000_000);
    String unclosed = "```\n" + "\n".repeat(4_000_000) + "x";
    String oneLine = "\u00E9".repeat(4_000_000);
    String blanks = " \n".repeat(4_000_000) + "x";
    assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () -> {
          for (String hostile : new String[] {marks, unclosed, oneLine, blanks}) {
            assertThat(NORMALISER.normalise(hostile.getBytes(UTF_8))).isInstanceOf(Accepted.class);
          }
        });
  }

  @Test
  void survivesAnyBytes() {
    Random random = new Random(3);
    for (int round = 0; round < 5_000; round++) {
      byte[] bytes = new byte[random.nextInt(40)];
      random.nextBytes(bytes);
      assertThat(NORMALISER.normalise(bytes)).isNotNull();
    }
  }

  private static String randomText(Random random) {
    StringBuilder text = new StringBuilder();
    int pieces = random.nextInt(60);
    for (int piece = 0; piece < pieces; piece++) {
      String next = PIECES[random.nextInt(PIECES.length)];
      text.append(next.repeat(random.nextInt(20) == 0 ? 40 : 1));
    }
    return text.toString();
  }

  private static String text(String input) {
    return text(input.getBytes(UTF_8));
  }

  private static String text(byte[] input) {

    return new String(((Accepted) NORMALISER.normalise(input)).utf8(), UTF_8);
  }

  private static Refused refused(byte[] input) {
    return (Refused) NORMALISER.normalise(input);
  }
}
