package dev.sluice.simulator.openai;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.sluice.simulator.http.Json;
import dev.sluice.simulator.http.Reply;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Writes the vectors of a request as the provider does, without a tree of objects in between. */
final class EmbeddingsReply {
  private EmbeddingsReply() {}

  static Reply write(EmbeddingsRequest request, List<Embedding> vectors, int tokens)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream(vectors.size() * 9_000);
    try (JsonGenerator json = Json.MAPPER.getFactory().createGenerator(out)) {
      json.writeStartObject();
      json.writeStringField("object", "list");
      json.writeArrayFieldStart("data");
      for (Embedding vector : vectors) {
        writeItem(json, vector, request.base64());
      }
      json.writeEndArray();
      json.writeStringField("model", request.model().id());
      json.writeObjectFieldStart("usage");
      json.writeNumberField("prompt_tokens", tokens);
      json.writeNumberField("total_tokens", tokens);
      json.writeEndObject();
      json.writeEndObject();
    }
    return Reply.bytes(200, "application/json", out.toByteArray());
  }

  private static void writeItem(JsonGenerator json, Embedding embedding, boolean base64)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("object", "embedding");
    json.writeNumberField("index", embedding.index());
    json.writeFieldName("embedding");
    if (base64) {
      json.writeBinary(littleEndian(embedding.vector()));
    } else {
      json.writeStartArray();
      for (float value : embedding.vector()) {
        json.writeNumber(value);
      }
      json.writeEndArray();
    }
    json.writeEndObject();
  }

  private static byte[] littleEndian(float[] vector) {
    ByteBuffer bytes =
        ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(vector);
    return bytes.array();
  }
}
