package dev.sluice.localstack;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.localstack.objects.ObjectCreated;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ObjectCreatedEventTest {
  private static final Instant TIME = Instant.parse("2026-03-12T19:03:58.39Z");

  private static JsonNode event(String key, Instant time) throws Exception {
    return new ObjectMapper()
        .readTree(
            ObjectCreatedEvent.of(
                "eu-west-1",
                "id",
                new ObjectCreated("ObjectCreated:Put", "documents", key, 12, "e7a9"),
                time))
        .path("Records")
        .path(0);
  }

  @Test
  void hasTheShapeOfS3sNotification() throws Exception {
    JsonNode event = event("raw/u/d/1.pdf", TIME);

    assertThat(event.path("eventVersion").asText()).isEqualTo("2.1");
    assertThat(event.path("eventSource").asText()).isEqualTo("aws:s3");
    assertThat(event.path("eventTime").asText()).isEqualTo("2026-03-12T19:03:58.390Z");
    assertThat(event.path("eventName").asText()).isEqualTo("ObjectCreated:Put");
    JsonNode s3 = event.path("s3");
    assertThat(s3.path("configurationId").asText()).isEqualTo("id");
    assertThat(s3.path("bucket").path("arn").asText()).isEqualTo("arn:aws:s3:::documents");
    assertThat(s3.path("object").path("size").asLong()).isEqualTo(12);
    assertThat(s3.path("object").path("eTag").asText()).isEqualTo("e7a9");
  }

  @Test
  void encodesTheKeyAsInAForm() throws Exception {
    assertThat(event("raw/a b+\u00e9.pdf", TIME).path("s3").path("object").path("key").asText())
        .isEqualTo("raw/a+b%2B%C3%A9.pdf");
  }

  @Test
  void ordersEventsByTheirSequencer() throws Exception {
    String earlier = event("k", TIME).path("s3").path("object").path("sequencer").asText();
    String later =
        event("k", TIME.plusMillis(1)).path("s3").path("object").path("sequencer").asText();

    assertThat(earlier).hasSameSizeAs(later).isLessThan(later);
  }
}
