package dev.sluice.cli.bench;

import java.time.Duration;

/**
 * What a run of the pipeline beside its peer does.
 *
 * @param documents of each round, of mixed sizes
 * @param rounds that are counted
 * @param latency of each answer of the embedding provider
 */
public record PipelineSettings(int documents, int rounds, Duration latency) {
  /** In the first rounds processes start, and the compilers see the code for the first time. */
  static final int WARM_UP = 4;
}
