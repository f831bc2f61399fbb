package dev.sluice.webhook;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import dev.sluice.callback.CallbackRefused;
import io.micronaut.json.tree.JsonNode;
import io.micronaut.serde.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads a body's JSON, once it has been walked through without building anything: UTF-8 to the last
 * byte, one value and nothing after it, no name twice, and neither deep nor wide.
 */
final class BoundedJson {
  private static final int DEEPEST = 8;
  private static final int MOST_TOKENS = 2_000;
  private static final int LONGEST_NAME = 200;
  private static final int LONGEST_NUMBER = 40;

  private final ObjectMapper json;
  private final JsonFactory factory;

  /**
   * Makes a reader.
   *
   * @param longestString in characters
   */
  BoundedJson(ObjectMapper json, int longestString) {
    this.json = json;
    this.factory =
        JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxNestingDepth(DEEPEST)
                    .maxTokenCount(MOST_TOKENS)
                    .maxNameLength(LONGEST_NAME)
                    .maxNumberLength(LONGEST_NUMBER)
                    .maxStringLength(longestString)
                    .build())
            .build();
  }

  /**
   * The body's JSON.
   *
   * @throws CallbackRefused if it has none, or not within the bounds
   */
  JsonNode read(byte[] body) {
    return read(decoded(body));
  }

  /** As {@link #read(byte[])}, of text. */
  JsonNode read(String text) {
    try {
      walk(text);
      var node = json.readValue(text, JsonNode.class);
      // The mapper reads a null as nothing at all.
      return node == null ? JsonNode.nullNode() : node;
    } catch (StreamConstraintsException e) {
      throw new CallbackRefused("body_out_of_bounds");
    } catch (IOException e) {
      throw new CallbackRefused("body_malformed");
    }
  }

  private void walk(String text) throws IOException {
    try (JsonParser parser = factory.createParser(text)) {
      int open = 0;
      do {
        open += step(parser.nextToken());
      } while (open > 0);
      if (parser.nextToken() != null) {
        throw new CallbackRefused("body_malformed");
      }
    }
  }

  /** How many values more, or fewer, are open after this token. */
  private static int step(@Nullable JsonToken token) {
    if (token == null) {
      throw new CallbackRefused("body_malformed");
    }
    return token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
  }

  private static String decoded(byte[] body) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
    } catch (CharacterCodingException e) {
      throw new CallbackRefused("body_not_utf8");
    }
  }
}
