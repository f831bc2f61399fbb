package dev.sluice.localstack;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.localstack.objects.ObjectCreated;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.UUID;

/** S3's notification of a new object, version 2.1. */
final class ObjectCreatedEvent {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private ObjectCreatedEvent() {}

  /** The message that S3 sends. */
  static String of(String region, String configuration, ObjectCreated created, Instant time) {
    ObjectNode record = JSON.createObjectNode();
    record.put("eventVersion", "2.1");
    record.put("eventSource", "aws:s3");
    record.put("awsRegion", region);
    record.put("eventTime", TIME.format(time));
    record.put("eventName", created.eventName());
    record.putObject("userIdentity").put("principalId", "AWS:LOCAL");
    record.putObject("requestParameters").put("sourceIPAddress", "127.0.0.1");
    ObjectNode response = record.putObject("responseElements");
    response.put("x-amz-request-id", UUID.randomUUID().toString());
    response.put("x-amz-id-2", UUID.randomUUID().toString());
    ObjectNode s3 = record.putObject("s3");
    s3.put("s3SchemaVersion", "1.0");
    s3.put("configurationId", configuration);
    ObjectNode owner = s3.putObject("bucket");
    owner.put("name", created.bucket());
    owner.putObject("ownerIdentity").put("principalId", "LOCAL");
    owner.put("arn", "arn:aws:s3:::" + created.bucket());
    ObjectNode object = s3.putObject("object");
    object.put("key", encoded(created.key()));
    object.put("size", created.sizeBytes());
    object.put("eTag", created.etag());
    object.put("sequencer", sequencer(time));
    ObjectNode event = JSON.createObjectNode();
    event.putArray("Records").add(record);
    try {
      return JSON.writeValueAsString(event);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree always has a JSON form", e);
    }
  }

  /** As in a form, but slashes stay. */
  private static String encoded(String key) {
    return URLEncoder.encode(key, StandardCharsets.UTF_8).replace("%2F", "/");
  }

  /** Rises with time, so that events of one key can be put in order. */
  private static String sequencer(Instant time) {
    long nanos = time.getEpochSecond() * 1_000_000_000 + time.getNano();
    return String.format(Locale.ROOT, "%018X", nanos);
  }
}
