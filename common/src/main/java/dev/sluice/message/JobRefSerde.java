package dev.sluice.message;

import dev.sluice.document.JobRef;
import io.micronaut.serde.annotation.SerdeImport;
import io.micronaut.serde.annotation.Serdeable;
import io.micronaut.serde.config.naming.SnakeCaseStrategy;

/** Lets messages carry a {@link JobRef} without the domain knowing of JSON. */
@SerdeImport(value = JobRef.class, mixin = JobRefSerde.class)
@Serdeable(naming = SnakeCaseStrategy.class)
interface JobRefSerde {}
