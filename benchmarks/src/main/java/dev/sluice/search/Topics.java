package dev.sluice.search;

import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Vectors as texts about some hundred topics have them: 1536 numbers that vary in 32 directions
 * round their topic, and a little in all others. Of length 1; the same in every run.
 */
final class Topics {
  static final int DIMENSIONS = 1536;
  private static final int TOPICS = 200;
  private static final int DIRECTIONS = 32;
  private static final double WITHIN_TOPIC = 0.7;
  private static final double ELSEWHERE = 0.6;

  private final Random random;
  private final double[][] centres = new double[TOPICS][DIRECTIONS];
  private final double[][] directions = new double[DIRECTIONS][DIMENSIONS];

  Topics(long seed) {
    random = new Random(seed);
    for (var centre : centres) {
      fill(centre);
    }
    for (var direction : directions) {
      fill(direction);
    }
  }

  private void fill(double[] numbers) {
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = random.nextGaussian();
    }
  }

  /** Vectors of texts, or of questions. */
  List<float[]> next(int count) {
    return Stream.generate(this::next).limit(count).toList();
  }

  private float[] next() {
    var centre = centres[random.nextInt(TOPICS)];
    var vector = new double[DIMENSIONS];
    for (int i = 0; i < DIMENSIONS; i++) {
      vector[i] = ELSEWHERE * random.nextGaussian();
    }
    for (int along = 0; along < DIRECTIONS; along++) {
      double much = centre[along] + WITHIN_TOPIC * random.nextGaussian();
      for (int i = 0; i < DIMENSIONS; i++) {
        vector[i] += much * directions[along][i];
      }
    }
    return unit(vector);
  }

  private static float[] unit(double[] vector) {
    double square = 0;
    for (double number : vector) {
      square += number * number;
    }
    var unit = new float[vector.length];
    for (int i = 0; i < vector.length; i++) {
      unit[i] = (float) (vector[i] / Math.sqrt(square));
    }
    return unit;
  }
}
