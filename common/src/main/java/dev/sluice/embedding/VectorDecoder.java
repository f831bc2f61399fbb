package dev.sluice.embedding;

import dev.sluice.embedding.EmbeddingAnswer.Malformed;
import dev.sluice.embedding.EmbeddingAnswer.Vectors;
import dev.sluice.embedding.EmbeddingsReply.Item;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns the provider's answer into vectors in the texts' order, or says what is wrong with it. */
final class VectorDecoder {
  private final int dimensions;

  VectorDecoder(int dimensions) {
    this.dimensions = dimensions;
  }

  EmbeddingAnswer decode(EmbeddingsReply reply, int texts, @Nullable String requestId) {
    try {
      return new Vectors(inOrder(reply, texts), reply.promptTokens(), requestId);
    } catch (NotAVector e) {
      return new Malformed("bad_vectors", e.getMessage(), reply.promptTokens());
    }
  }

  private List<float[]> inOrder(EmbeddingsReply reply, int texts) throws NotAVector {
    var items = reply.data() == null ? List.<@Nullable Item>of() : reply.data();
    if (items.size() != texts) {
      throw new NotAVector(
          "the provider gave " + items.size() + " vectors for " + texts + " texts");
    }
    var vectors = new float[texts][];
    for (var item : items) {
      if (item == null) {
        throw new NotAVector("the provider gave nothing in a vector's place");
      }
      if (item.index() < 0 || item.index() >= texts || vectors[item.index()] != null) {
        throw new NotAVector(
            "the provider's index " + item.index() + " names no text or one twice");
      }
      vectors[item.index()] = vector(item);
    }
    return Arrays.asList(vectors);
  }

  private float[] vector(Item item) throws NotAVector {
    var bytes = bytes(item);
    if (bytes.length != dimensions * Float.BYTES) {
      throw new NotAVector(
          "vector %d has %d bytes instead of %d"
              .formatted(item.index(), bytes.length, dimensions * Float.BYTES));
    }
    var vector = new float[dimensions];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(vector);
    requireDirection(vector, item.index());
    return vector;
  }

  private static byte[] bytes(Item item) throws NotAVector {
    try {
      return item.embedding() == null ? new byte[0] : Base64.getDecoder().decode(item.embedding());
    } catch (IllegalArgumentException e) {
      throw new NotAVector("vector " + item.index() + " is not base64");
    }
  }

  /** Cosine similarity needs a direction: no component infinite or not a number, and one not 0. */
  private static void requireDirection(float[] vector, int index) throws NotAVector {
    boolean allZero = true;
    for (float component : vector) {
      if (!Float.isFinite(component)) {
        throw new NotAVector("vector " + index + " has a component that is not finite");
      }
      allZero &= component == 0;
    }
    if (allZero) {
      throw new NotAVector("vector " + index + " is zero");
    }
  }

  private static final class NotAVector extends Exception {
    private static final long serialVersionUID = 1L;

    NotAVector(String message) {
      super(message);
    }

    @Override
    public String getMessage() {
      return String.valueOf(super.getMessage());
    }
  }
}
