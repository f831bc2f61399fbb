package dev.sluice.simulator.fault;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * What was decided about one request. It holds no time and no id, so that two runs can be compared.
 *
 * @param n which request of its operation, from 1
 * @param rule the place of the rule that struck, from 0; null if none did
 * @param fault what it did; null if none did
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Decision(
    String provider, String operation, long n, @Nullable Integer rule, @Nullable String fault) {}
