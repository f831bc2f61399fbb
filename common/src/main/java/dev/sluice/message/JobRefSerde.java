package dev.sluice.message;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.sluice.document.JobRef;
import io.micronaut.serde.annotation.SerdeImport;
import java.util.UUID;

/** Lets messages carry a {@link JobRef} without the domain knowing of JSON. */
@SerdeImport(value = JobRef.class, mixin = JobRefSerde.class)
record JobRefSerde(
    @JsonProperty("user_id") UUID userId,
    @JsonProperty("document_id") UUID documentId,
    @JsonProperty("job_id") UUID jobId,
    int generation) {}
