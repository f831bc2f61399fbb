package dev.sluice.simulator.openai;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Turns text into vectors by feature hashing: each word, each part of a word and each pair of
 * neighbouring words adds a signed weight at the position that its hash names. Texts that share
 * words, or forms of a word, point in the same direction.
 *
 * <p>Weights are whole numbers and are summed as such, so a vector does not depend on the order of
 * addition and has the same bits on every machine.
 */
final class Embedder {
  /** Weights are fixed-point numbers with this many units to one. */
  private static final int UNIT = 1 << 12;

  private static final double PAIR_WEIGHT = 0.6;

  /** Higher, and a long text that repeats a word beats the short one that answers. */
  private static final double REPETITION_WEIGHT = 0.4;

  private static final int MOST_CACHED_WORDS = 50_000;
  private static final long PAIR_SEED = 0x50414952L;

  private final int dimensions;
  private final Tokens tokens;
  private final Map<String, WordFeatures> words = new ConcurrentHashMap<>();

  Embedder(int dimensions, Tokens tokens) {
    this.dimensions = dimensions;
    this.tokens = tokens;
  }

  /**
   * The vector of a text, of unit length and never zero.
   *
   * @param length how many leading dimensions to keep, at most the model's own
   */
  float[] embed(String text, int length) {
    List<String> sequence = Words.of(text);
    long[] sums = new long[dimensions];
    addWords(sequence, sums);
    addPairs(sequence, sums);
    return normalise(sums, text, length);
  }

  private void addWords(List<String> sequence, long[] sums) {
    Map<String, Integer> counts = new HashMap<>();
    sequence.forEach(word -> counts.merge(word, 1, Integer::sum));
    counts.forEach((word, count) -> features(word).addTo(sums, damped(count)));
  }

  private void addPairs(List<String> sequence, long[] sums) {
    Map<Long, Long> pairs = new HashMap<>();
    for (int i = 1; i < sequence.size(); i++) {
      String first = sequence.get(i - 1);
      String second = sequence.get(i);
      long weight = Math.min(features(first).weight(), features(second).weight());
      pairs.put(Hash.of(second, Hash.of(first, PAIR_SEED)), weight);
    }
    pairs.forEach(
        (hash, weight) -> sums[position(hash)] += Hash.sign(hash) * scale(weight, PAIR_WEIGHT));
  }

  private WordFeatures features(String word) {
    WordFeatures known = words.get(word);
    if (known != null) {
      return known;
    }
    WordFeatures made = WordFeatures.of(word, tokens.rarity(word), dimensions, UNIT);
    if (words.size() < MOST_CACHED_WORDS) {
      words.put(word, made);
    }
    return made;
  }

  private int position(long hash) {
    return Hash.position(hash, dimensions);
  }

  /** A word said ten times says a little more than a word said once, not ten times as much. */
  private static long damped(int count) {
    return Math.round(UNIT * (1 + REPETITION_WEIGHT * StrictMath.log(count)));
  }

  private static long scale(long weight, double factor) {
    return Math.round(weight * factor) * UNIT;
  }

  private static float[] normalise(long[] sums, String text, int length) {
    double squares = 0;
    for (int i = 0; i < length; i++) {
      squares += (double) sums[i] * sums[i];
    }
    if (squares == 0) {
      return axis(text, length);
    }
    double norm = Math.sqrt(squares);
    float[] vector = new float[length];
    for (int i = 0; i < length; i++) {
      vector[i] = (float) (sums[i] / norm);
    }
    return vector;
  }

  /** A text without a single word still gets a direction of its own. */
  private static float[] axis(String text, int length) {
    float[] vector = new float[length];
    vector[Hash.position(Hash.of(text, 0), length)] = 1;
    return vector;
  }
}
