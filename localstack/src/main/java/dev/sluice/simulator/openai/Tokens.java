package dev.sluice.simulator.openai;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import com.knuddels.jtokkit.api.IntArrayList;

/** Counts text in the tokens that OpenAI's embedding models are limited and billed by. */
final class Tokens {
  /** The size of the vocabulary without its special tokens. */
  private static final int VOCABULARY = 100_256;

  /** The rank below which a token is a letter, a pair or a word that says nothing ("the", 279). */
  private static final int NOISE = 150;

  private static final double RANGE = StrictMath.log(VOCABULARY) - StrictMath.log(NOISE);

  /** Takes a second to load, so there is one for all. */
  private static final Encoding ENCODING =
      Encodings.newLazyEncodingRegistry().getEncoding(EncodingType.CL100K_BASE);

  int count(String text) {
    return ENCODING.countTokensOrdinary(text);
  }

  /** The text of a token array, as a client sends it in place of a string. */
  String decode(int[] tokens) {
    IntArrayList list = new IntArrayList(tokens.length);
    for (int token : tokens) {
      list.add(token);
    }
    return ENCODING.decode(list);
  }

  /**
   * How much a word says, from 0.03 to 1. The vocabulary is ordered by how early its merges were
   * learnt, so the rank of a word's token stands in for the frequency that a corpus would give.
   */
  double rarity(String word) {
    IntArrayList tokens = ENCODING.encodeOrdinary(" " + word);
    if (tokens.size() != 1) {
      return 1;
    }
    double rank = Math.max(tokens.get(0), NOISE);
    return Math.max(0.03, (StrictMath.log(rank) - StrictMath.log(NOISE)) / RANGE);
  }
}
