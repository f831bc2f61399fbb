package dev.sluice.message;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.document.JobRef;
import io.micronaut.serde.ObjectMapper;
import java.io.IOException;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Messages wait in queues while functions are deployed: their shape is a contract. */
class MessageShapeTest {
  private static final JobRef JOB =
      new JobRef(
          UUID.fromString("00000000-0000-4000-8000-000000000001"),
          UUID.fromString("11111111-2222-5333-8444-555555555555"),
          UUID.fromString("22222222-2222-5333-8444-555555555555"),
          3);
  private static final String JOB_JSON =
      """
      "job":{"user_id":"00000000-0000-4000-8000-000000000001",\
      "document_id":"11111111-2222-5333-8444-555555555555",\
      "job_id":"22222222-2222-5333-8444-555555555555","generation":3}""";

  private final ObjectMapper json = ObjectMapper.getDefault();

  @Test
  void aChunkMessageKeepsItsShape() throws IOException {
    var message = new ChunkMessage(JOB, 2, "c-1");
    var text = "{\"version\":1," + JOB_JSON + ",\"retry_count\":2,\"correlation_id\":\"c-1\"}";
    assertThat(json.writeValueAsString(message)).isEqualTo(text);
    assertThat(json.readValue(text, ChunkMessage.class)).isEqualTo(message);
    assertThat(json.readValue(text, ValidateMessage.class))
        .isEqualTo(new ValidateMessage(JOB, 2, "c-1"));
    assertThat(json.readValue(text, FinalizeMessage.class))
        .isEqualTo(new FinalizeMessage(JOB, 2, "c-1"));
  }

  @Test
  void anEmbedMessageNamesItsBatch() throws IOException {
    var message = new EmbedMessage(JOB, JOB.jobId(), 4, 0, "c-1");
    var text =
        "{\"version\":1,"
            + JOB_JSON
            + ",\"batch_id\":\"22222222-2222-5333-8444-555555555555\",\"batch_no\":4,\"retry_count\":0,"
            + "\"correlation_id\":\"c-1\"}";
    assertThat(json.writeValueAsString(message)).isEqualTo(text);
    assertThat(json.readValue(text, EmbedMessage.class)).isEqualTo(message);
  }

  @Test
  void aParseMessageMayNameTheParsersJob() throws IOException {
    var text =
        "{\"version\":1,\"kind\":\"COLLECT\","
            + JOB_JSON
            + ",\"retry_count\":2,\"correlation_id\":\"c-1\",\"parse_job_id\":\"pjb-1\"}";
    var message = ParseMessage.collect(JOB, 2, "c-1", "pjb-1");
    assertThat(json.writeValueAsString(message)).isEqualTo(text);
    assertThat(json.readValue(text, ParseMessage.class)).isEqualTo(message);
    assertThat(json.readValue(text.replace(",\"parse_job_id\":\"pjb-1\"", ""), ParseMessage.class))
        .isEqualTo(new ParseMessage(ParseMessage.Kind.COLLECT, JOB, 2, "c-1"));
  }
}
