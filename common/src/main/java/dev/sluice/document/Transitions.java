package dev.sluice.document;

import static dev.sluice.document.JobStatus.CANCELLED;
import static dev.sluice.document.JobStatus.CHUNKING;
import static dev.sluice.document.JobStatus.CHUNKS_STORED;
import static dev.sluice.document.JobStatus.COMPLETE;
import static dev.sluice.document.JobStatus.EMBEDDINGS_STORED;
import static dev.sluice.document.JobStatus.EMBEDDING_IN_PROGRESS;
import static dev.sluice.document.JobStatus.EMBEDDING_QUEUED;
import static dev.sluice.document.JobStatus.FAILED_CHUNKING;
import static dev.sluice.document.JobStatus.FAILED_EMBEDDING;
import static dev.sluice.document.JobStatus.FAILED_PARSE;
import static dev.sluice.document.JobStatus.PARSED;
import static dev.sluice.document.JobStatus.PARSE_QUEUED;
import static dev.sluice.document.JobStatus.PARSE_VALIDATED;
import static dev.sluice.document.JobStatus.UPLOADED;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

/** The legal moves of a job. The table {@code legal_transitions} holds the same set. */
public final class Transitions {
  private Transitions() {}

  /** The statuses that a job may move to from {@code from}; empty when it is final. */
  public static Set<JobStatus> from(JobStatus from) {
    return switch (from) {
      // Text and known bytes skip the parser.
      case UPLOADED -> EnumSet.of(PARSE_QUEUED, PARSED, FAILED_PARSE, CANCELLED);
      case PARSE_QUEUED -> EnumSet.of(PARSED, FAILED_PARSE, CANCELLED);
      case PARSED -> EnumSet.of(PARSE_VALIDATED, FAILED_PARSE, CANCELLED);
      case PARSE_VALIDATED -> EnumSet.of(CHUNKING, FAILED_CHUNKING, CANCELLED);
      case CHUNKING -> EnumSet.of(CHUNKS_STORED, FAILED_CHUNKING, CANCELLED);
      // A fast embed overtakes the sender; with every vector reused there is nothing to embed.
      case CHUNKS_STORED ->
          EnumSet.of(
              EMBEDDING_QUEUED,
              EMBEDDING_IN_PROGRESS,
              EMBEDDINGS_STORED,
              FAILED_EMBEDDING,
              CANCELLED);
      case EMBEDDING_QUEUED -> EnumSet.of(EMBEDDING_IN_PROGRESS, FAILED_EMBEDDING, CANCELLED);
      case EMBEDDING_IN_PROGRESS -> EnumSet.of(EMBEDDINGS_STORED, FAILED_EMBEDDING, CANCELLED);
      case EMBEDDINGS_STORED -> EnumSet.of(COMPLETE, FAILED_EMBEDDING, CANCELLED);
      case COMPLETE, CANCELLED -> EnumSet.noneOf(JobStatus.class);
      // Back to the last state whose output is stored.
      case FAILED_PARSE -> EnumSet.of(UPLOADED, PARSED);
      case FAILED_CHUNKING -> EnumSet.of(PARSE_VALIDATED);
      case FAILED_EMBEDDING -> EnumSet.of(CHUNKS_STORED, EMBEDDINGS_STORED);
    };
  }

  /** The statuses from which a job may move to {@code to}. */
  public static Set<JobStatus> into(JobStatus to) {
    return Arrays.stream(JobStatus.values())
        .filter(from -> from(from).contains(to))
        .collect(Collectors.toCollection(() -> EnumSet.noneOf(JobStatus.class)));
  }
}
