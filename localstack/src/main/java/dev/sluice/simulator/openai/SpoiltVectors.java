package dev.sluice.simulator.openai;

import dev.sluice.simulator.fault.Fault;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Vectors as a provider at fault gives them. */
final class SpoiltVectors {
  private SpoiltVectors() {}

  /** Does what the fault says to vectors of which there is at least one. */
  static List<Embedding> spoil(List<Embedding> vectors, Fault fault) {
    return switch (fault.kind()) {
      case WRONG_COUNT -> withoutOne(vectors, fault.oneOf(vectors.size()));
      case WRONG_ORDER -> vectors.reversed();
      case DUPLICATE_INDEX -> withOneTwice(vectors, fault.oneOf(vectors.size()));
      case WRONG_DIMENSIONS, NAN, INFINITY, ZERO_VECTOR -> withOneSpoilt(vectors, fault);
      case null, default -> vectors;
    };
  }

  private static List<Embedding> withoutOne(List<Embedding> vectors, int which) {
    List<Embedding> fewer = new ArrayList<>(vectors);
    var unused = fewer.remove(which);
    return fewer;
  }

  /** In the place of its neighbour; a vector that is alone comes twice. */
  private static List<Embedding> withOneTwice(List<Embedding> vectors, int which) {
    List<Embedding> doubled = new ArrayList<>(vectors);
    if (vectors.size() == 1) {
      doubled.add(vectors.getFirst());
    } else {
      doubled.set((which + 1) % vectors.size(), vectors.get(which));
    }
    return doubled;
  }

  private static List<Embedding> withOneSpoilt(List<Embedding> vectors, Fault fault) {
    List<Embedding> spoilt = new ArrayList<>(vectors);
    int which = fault.oneOf(vectors.size());
    Embedding good = vectors.get(which);
    spoilt.set(which, new Embedding(good.index(), spoilt(good.vector(), fault)));
    return spoilt;
  }

  private static float[] spoilt(float[] good, Fault fault) {
    return switch (fault.kind()) {
      case WRONG_DIMENSIONS -> Arrays.copyOf(good, good.length - 1);
      case ZERO_VECTOR -> new float[good.length];
      case NAN -> withOne(good, fault, Float.NaN);
      case INFINITY -> withOne(good, fault, Float.POSITIVE_INFINITY);
      case null, default -> good;
    };
  }

  private static float[] withOne(float[] good, Fault fault, float value) {
    float[] vector = good.clone();
    vector[fault.oneOf(vector.length)] = value;
    return vector;
  }
}
