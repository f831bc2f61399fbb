package dev.sluice.localstack.secrets;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;

/**
 * A secret as the file keeps it; Secrets Manager counts versions by an id of their own.
 *
 * @param createdAt ISO 8601
 */
record StoredSecret(
    @JsonProperty("arn") String arn,
    @JsonProperty("version_id") String versionId,
    @JsonProperty("created_at") String createdAt,
    @JsonProperty("secret_string") String secretString) {

  double createdSeconds() {
    return Instant.parse(createdAt).toEpochMilli() / 1000.0;
  }

  @Override
  public String toString() {
    return arn;
  }
}
