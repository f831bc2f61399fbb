package dev.sluice.cli.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What a run against a provider's limits does.
 *
 * @param levels numbers of concurrent executions of each function, each at least 1
 * @param tokensAMinute that the provider takes while its tokens are what limits
 * @param requestsAMinute that it takes while its requests are
 * @param length for which there is work enough at the limit
 * @param outage how long the provider is away in the last run
 * @param report file whose section on limits is written anew
 */
public record LimitsSettings(
    List<Integer> levels,
    long tokensAMinute,
    int requestsAMinute,
    Duration length,
    Duration outage,
    Path report) {

  public LimitsSettings {
    levels = List.copyOf(levels);
  }
}
