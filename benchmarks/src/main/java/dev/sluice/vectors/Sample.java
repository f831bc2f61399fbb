package dev.sluice.vectors;

import dev.sluice.document.EmbeddingModel;
import dev.sluice.document.Hashes;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;

/**
 * One vector and what is stored with it.
 *
 * @param chunkId random, so that the primary key's index is not written in order
 * @param embedSha of a text that no other has
 * @param vectorSha of the vector
 */
record Sample(UUID chunkId, String embedSha, float[] vector, String vectorSha) {
  static List<Sample> of(int count) {
    Random random = new Random(7);
    return IntStream.range(0, count).mapToObj(number -> of(number, random)).toList();
  }

  private static Sample of(int number, Random random) {
    float[] vector = new float[EmbeddingModel.DEFAULT.dimensions()];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = (random.nextFloat() - 0.5f) / 10;
    }
    return new Sample(
        new UUID(random.nextLong(), random.nextLong()),
        Hashes.ofText("text " + number),
        vector,
        Hashes.ofVector(vector));
  }
}
