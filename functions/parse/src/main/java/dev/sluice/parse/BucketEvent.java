package dev.sluice.parse;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.micronaut.serde.annotation.Serdeable;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * S3's notification, version 2.1: what S3 writes itself, so its names are not ours.
 *
 * @param records null in the {@code s3:TestEvent} that S3 sends when a notification is set up
 */
@Serdeable
record BucketEvent(@JsonProperty("Records") @Nullable List<ObjectCreated> records) {

  /** The keys of the objects that were created, decoded: in events they are URL-encoded. */
  List<String> keys() {
    return records == null
        ? List.of()
        : records.stream()
            .map(record -> URLDecoder.decode(record.s3().object().key(), StandardCharsets.UTF_8))
            .toList();
  }

  @Serdeable
  record ObjectCreated(S3 s3) {}

  @Serdeable
  record S3(StoredObject object) {}

  @Serdeable
  record StoredObject(String key) {}
}
