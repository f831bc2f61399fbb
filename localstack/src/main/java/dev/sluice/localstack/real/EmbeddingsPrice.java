package dev.sluice.localstack.real;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import java.io.IOException;
import java.util.Optional;

/** What an embeddings request may cost, and what its answer says that it did. */
final class EmbeddingsPrice {
  /** Reads a request in the one way in which it can be read. */
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /** The encoding of all embedding models; loaded with the first text. */
  private static final Encoding ENCODING =
      Encodings.newLazyEncodingRegistry().getEncoding(EncodingType.CL100K_BASE);

  private EmbeddingsPrice() {}

  /** Empty for what has no known price: no JSON, another model, an input of no known kind. */
  static Optional<Spending> of(byte[] request) throws IOException {
    try {
      JsonNode root = JSON.readTree(request);
      Long price = Prices.OF_A_TOKEN.get(root.path("model").asText());
      JsonNode input = root.path("input");
      return price == null || !isPriced(input)
          ? Optional.empty()
          : Optional.of(spending(tokens(input), price));
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  /** What was charged by an answer with vectors; as counted, if it does not say. */
  static Spending charged(byte[] answer, Spending counted) throws IOException {
    try {
      JsonNode tokens = JSON.readTree(answer).path("usage").path("total_tokens");
      return tokens.isIntegralNumber() && tokens.longValue() >= 0 && counted.tokens() > 0
          ? spending(tokens.longValue(), counted.nanoUsd() / counted.tokens())
          : counted;
    } catch (JsonProcessingException e) {
      return counted;
    }
  }

  private static Spending spending(long tokens, long price) {
    return new Spending(0, tokens, Math.multiplyExact(tokens, price));
  }

  /** A text, a text as token ids, or a list of either. */
  private static boolean isPriced(JsonNode input) {
    return input.isTextual() || (input.isArray() && !input.isEmpty());
  }

  /**
   * Exact for texts. One that names a special token, such as the end of a text, has more tokens
   * here than there.
   */
  private static long tokens(JsonNode input) {
    if (input.isTextual()) {
      return ENCODING.countTokensOrdinary(input.textValue());
    }
    if (!input.isArray()) {
      return 1;
    }
    long sum = 0;
    for (JsonNode item : input) {
      sum += tokens(item);
    }
    return sum;
  }
}
