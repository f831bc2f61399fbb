package dev.sluice.simulator.openai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.simulator.http.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A checked {@code POST /v1/embeddings}.
 *
 * @param model the model to answer with
 * @param dimensions the length of the vectors
 * @param base64 whether vectors travel as little-endian float32 in base64
 * @param inputs the texts, in order, none empty
 */
record EmbeddingsRequest(Model model, int dimensions, boolean base64, List<String> inputs) {

  private static final int MOST_INPUTS = 2048;

  static EmbeddingsRequest read(byte[] body, Tokens tokens) throws OpenAiError {
    JsonNode root = parse(body);
    Model model = model(root.path("model"));
    return new EmbeddingsRequest(
        model,
        dimensions(root.path("dimensions"), model),
        base64(root.path("encoding_format")),
        inputs(root.path("input"), tokens));
  }

  private static JsonNode parse(byte[] body) throws OpenAiError {
    try {
      JsonNode root = Json.MAPPER.readTree(body);
      if (root.isObject()) {
        return root;
      }
    } catch (JsonProcessingException e) {
      // Falls through: a body that cannot be read is answered like one of the wrong kind.
    } catch (IOException e) {
      throw new IllegalStateException("reading bytes in memory failed", e);
    }
    throw OpenAiError.invalidBody("We could not parse the JSON body of your request.");
  }

  private static Model model(JsonNode node) throws OpenAiError {
    if (!node.isTextual()) {
      throw OpenAiError.invalidBody("you must provide a model parameter");
    }
    return Model.named(node.textValue())
        .orElseThrow(() -> OpenAiError.unknownModel(node.textValue()));
  }

  private static int dimensions(JsonNode node, Model model) throws OpenAiError {
    if (node.isMissingNode() || node.isNull()) {
      return model.dimensions();
    }
    if (!node.isInt() || node.intValue() < 1 || node.intValue() > model.dimensions()) {
      throw OpenAiError.invalid(
          "dimensions",
          "Invalid value for 'dimensions': must be an integer from 1 to " + model.dimensions());
    }
    return node.intValue();
  }

  private static boolean base64(JsonNode node) throws OpenAiError {
    return switch (node.asText("float")) {
      case "float", "" -> false;
      case "base64" -> true;
      default ->
          throw OpenAiError.invalid(
              "encoding_format", "'encoding_format' must be one of 'float', 'base64'.");
    };
  }

  private static List<String> inputs(JsonNode node, Tokens tokens) throws OpenAiError {
    List<String> inputs = new ArrayList<>();
    if (node.isTextual() || isTokens(node)) {
      inputs.add(input(node, tokens));
    } else if (node.isArray() && !node.isEmpty()) {
      if (node.size() > MOST_INPUTS) {
        throw OpenAiError.invalid(
            "input", "'input' has %d items, at most %d".formatted(node.size(), MOST_INPUTS));
      }
      for (JsonNode item : node) {
        inputs.add(input(item, tokens));
      }
    } else {
      throw invalidInput();
    }
    return inputs;
  }

  private static String input(JsonNode item, Tokens tokens) throws OpenAiError {
    String text = isTokens(item) ? decode(item, tokens) : item.textValue();
    if (text == null) {
      throw invalidInput();
    }
    if (text.isEmpty()) {
      throw OpenAiError.invalid("input", "'input' cannot be an empty string.");
    }
    return text;
  }

  private static boolean isTokens(JsonNode node) {
    return node.isArray() && !node.isEmpty() && node.get(0).isInt();
  }

  private static String decode(JsonNode node, Tokens tokens) throws OpenAiError {
    int[] ids = new int[node.size()];
    for (int i = 0; i < ids.length; i++) {
      if (!node.get(i).isInt()) {
        throw invalidInput();
      }
      ids[i] = node.get(i).intValue();
    }
    try {
      return tokens.decode(ids);
    } catch (IllegalArgumentException e) {
      throw OpenAiError.invalid("input", "'input' contains a token that is not in the vocabulary.");
    }
  }

  private static OpenAiError invalidInput() {
    return OpenAiError.invalid(
        "input", "'input' must be a string, an array of strings or an array of token arrays.");
  }
}
