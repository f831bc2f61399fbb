package dev.sluice.simulator.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

final class EmbedderTest {
  private final Embedder embedder = new Embedder(1536, new Tokens());

  @Test
  void givesTheSameBytesOnEveryMachine() throws Exception {
    float[] vector =
        embedder.embed("The excess for escape of water is 450 euros. Prämie, ביטוח, 保険。", 1536);
    ByteBuffer bytes = ByteBuffer.allocate(vector.length * 4).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(vector);

    // Recorded once: a change here makes every stored vector of a local cloud stale.
    assertThat(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.array())))
        .isEqualTo("7b90ae03fee91f539a5b07d25b6b0ff754c276b37d5a1cbb8a0183698e8b54c3");
  }

  @Test
  void givesVectorsOfUnitLength() {
    for (String text : new String[] {"a", "What is insured?", "x ".repeat(5000), "!!!", " "}) {
      assertThat(length(embedder.embed(text, 1536))).isCloseTo(1, within(1e-5));
      assertThat(length(embedder.embed(text, 64))).isCloseTo(1, within(1e-5));
    }
  }

  @Test
  void bringsFormsOfAWordTogether() {
    float[] insured = embedder.embed("insured vehicles", 1536);

    assertThat(dot(insured, embedder.embed("insurance for a vehicle", 1536)))
        .isGreaterThan(dot(insured, embedder.embed("baking rye bread at home", 1536)) + 0.1);
  }

  @Test
  void ranksASharedRareWordAboveSharedCommonWords() {
    float[] query = embedder.embed("what is the marten damage", 1536);

    assertThat(dot(query, embedder.embed("Marten bites are covered", 1536)))
        .isGreaterThan(dot(query, embedder.embed("This is what the policy is", 1536)));
  }

  @Test
  void separatesTextsWithoutWords() {
    assertThat(dot(embedder.embed("!!!", 1536), embedder.embed("???", 1536))).isZero();
  }

  @Test
  void readsScriptsWithoutSpaces() {
    assertThat(Words.of("保険 Café ２４")).containsExactly("保", "険", "café", "24");
  }

  private static double length(float[] vector) {
    return Math.sqrt(dot(vector, vector));
  }

  static double dot(float[] one, float[] other) {
    double sum = 0;
    for (int i = 0; i < one.length; i++) {
      sum += (double) one[i] * other[i];
    }
    return sum;
  }
}
