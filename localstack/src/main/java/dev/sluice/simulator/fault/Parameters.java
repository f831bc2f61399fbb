package dev.sluice.simulator.fault;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How exactly a fault shows; what is null or zero was not said.
 *
 * @param latency how long the answer or the callback is held back, before whatever else happens
 * @param status the HTTP status
 * @param code the provider's error code
 * @param retryAfter when to come back, told in the headers
 * @param jobStatus the status that a job is shown in
 */
public record Parameters(
    Duration latency,
    @Nullable Integer status,
    @Nullable String code,
    @Nullable Duration retryAfter,
    @Nullable String jobStatus) {
  /** Nothing said. */
  public static final Parameters NONE = new Parameters(Duration.ZERO, null, null, null, null);
}
