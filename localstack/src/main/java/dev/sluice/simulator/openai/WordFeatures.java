package dev.sluice.simulator.openai;

import java.util.ArrayList;
import java.util.List;

/**
 * What one word adds to a vector: itself and, at less weight, its parts of three to five
 * characters, so that "insured" and "insurance" are near each other.
 *
 * @param weight the word's own weight, in fixed-point units
 * @param positions the dimensions to add to
 * @param values the signed weights, one a position
 */
@SuppressWarnings("ArrayRecordComponent")
record WordFeatures(long weight, int[] positions, int[] values) {
  private static final double PARTS_WEIGHT = 0.75;

  /**
   * A word is spread over this many dimensions, so that two words that meet by chance meet little.
   */
  private static final int SPREAD = 4;

  private static final int SPREAD_ROOT = 2;
  private static final int SHORTEST_PART = 3;
  private static final int LONGEST_PART = 5;
  private static final int LONGEST_WORD = 40;
  private static final long WORD_SEED = 0x574f5244L;
  private static final long PART_SEED = 0x50415254L;

  static WordFeatures of(String word, double rarity, int dimensions, int unit) {
    long weight = Math.round(rarity * unit);
    List<Long> parts = parts(word);
    int[] positions = new int[parts.size() + SPREAD];
    int[] values = new int[parts.size() + SPREAD];
    for (int i = 0; i < SPREAD; i++) {
      long hash = Hash.of(word, WORD_SEED + i);
      positions[i] = Hash.position(hash, dimensions);
      values[i] = (int) (weight / SPREAD_ROOT * Hash.sign(hash));
    }
    long each = Math.round(weight * PARTS_WEIGHT / StrictMath.sqrt(Math.max(1, parts.size())));
    for (int i = 0; i < parts.size(); i++) {
      positions[i + SPREAD] = Hash.position(parts.get(i), dimensions);
      values[i + SPREAD] = (int) (each * Hash.sign(parts.get(i)));
    }
    return new WordFeatures(weight, positions, values);
  }

  void addTo(long[] sums, long factor) {
    for (int i = 0; i < positions.length; i++) {
      sums[positions[i]] += factor * values[i];
    }
  }

  private static List<Long> parts(String word) {
    String bounded = "^" + word.substring(0, Math.min(word.length(), LONGEST_WORD)) + "$";
    List<Long> hashes = new ArrayList<>();
    for (int size = SHORTEST_PART; size <= LONGEST_PART; size++) {
      for (int start = 0; start + size <= bounded.length(); start++) {
        hashes.add(Hash.of(bounded.substring(start, start + size), PART_SEED));
      }
    }
    return hashes;
  }
}
