package dev.sluice.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TransitionsTest {
  /** The contract once more, written as users read it: each status with where it may go. */
  private static final Map<String, Set<String>> CONTRACT =
      Map.ofEntries(
          Map.entry("uploaded", Set.of("parse_queued", "parsed", "failed_parse", "cancelled")),
          Map.entry("parse_queued", Set.of("parsed", "failed_parse", "cancelled")),
          Map.entry("parsed", Set.of("parse_validated", "failed_parse", "cancelled")),
          Map.entry("parse_validated", Set.of("chunking", "failed_chunking", "cancelled")),
          Map.entry("chunking", Set.of("chunks_stored", "failed_chunking", "cancelled")),
          Map.entry(
              "chunks_stored",
              Set.of(
                  "embedding_queued",
                  "embedding_in_progress",
                  "embeddings_stored",
                  "failed_embedding",
                  "cancelled")),
          Map.entry(
              "embedding_queued", Set.of("embedding_in_progress", "failed_embedding", "cancelled")),
          Map.entry(
              "embedding_in_progress",
              Set.of("embeddings_stored", "failed_embedding", "cancelled")),
          Map.entry("embeddings_stored", Set.of("complete", "failed_embedding", "cancelled")),
          Map.entry("complete", Set.of()),
          Map.entry("failed_parse", Set.of("uploaded", "parsed")),
          Map.entry("failed_chunking", Set.of("parse_validated")),
          Map.entry("failed_embedding", Set.of("chunks_stored", "embeddings_stored")),
          Map.entry("cancelled", Set.of()));

  @ParameterizedTest
  @EnumSource
  void allowsExactlyTheContractsMovesFrom(JobStatus from) {
    for (var to : JobStatus.values()) {
      assertThat(Transitions.from(from).contains(to))
          .as("%s ▶ %s", from.wireName(), to.wireName())
          .isEqualTo(CONTRACT.get(from.wireName()).contains(to.wireName()));
    }
  }

  @ParameterizedTest
  @EnumSource
  void readsTheTableBackwards(JobStatus to) {
    for (var from : JobStatus.values()) {
      assertThat(Transitions.into(to).contains(from))
          .isEqualTo(Transitions.from(from).contains(to));
    }
  }

  @Test
  void everyStatusThatIsNotTerminalCanBeCancelledAndCanFail() {
    for (var status : EnumSet.allOf(JobStatus.class)) {
      if (!status.isTerminal()) {
        assertThat(Transitions.from(status)).contains(JobStatus.CANCELLED);
        assertThat(Transitions.from(status)).anyMatch(JobStatus::isFailed);
      }
    }
  }

  @Test
  void failedStatusesLeadOnlyBackIntoThePipeline() {
    for (var status : EnumSet.allOf(JobStatus.class)) {
      if (status.isFailed()) {
        assertThat(Transitions.from(status)).isNotEmpty().noneMatch(JobStatus::isTerminal);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void readsItsOwnNames(JobStatus status) {
    assertThat(JobStatus.ofWireName(status.wireName())).isEqualTo(status);
  }

  @Test
  void refusesAnUnknownName() {
    assertThatThrownBy(() -> JobStatus.ofWireName("COMPLETE"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no job status is called COMPLETE");
  }

  @ParameterizedTest
  @EnumSource
  void aStageFailsIntoAFailedStatus(PipelineStage stage) {
    assertThat(stage.failure().isFailed()).isTrue();
    assertThat(stage.wireName()).isEqualTo(stage.name().toLowerCase(java.util.Locale.ROOT));
  }
}
