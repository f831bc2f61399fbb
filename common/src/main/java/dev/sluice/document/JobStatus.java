package dev.sluice.document;

import java.util.Arrays;
import java.util.Locale;

/** Where a job stands. The names are a contract with users and with the database. */
public enum JobStatus {
  /**
   * Entered by POST /documents; left when the bytes have arrived and the parse stage takes them.
   */
  UPLOADED,
  /** Entered just before the bytes are handed to the parser; left when its result is stored. */
  PARSE_QUEUED,
  /** Markdown lies in object storage; left when the text is normalised and hashed. */
  PARSED,
  /** The canonical text is known; left when a chunk function claims it. */
  PARSE_VALIDATED,
  /**
   * A chunk function is writing chunks; left when the last one is stored and batches are planned.
   */
  CHUNKING,
  /** Chunks and the plan of batches are stored; left when the batches' messages are sent. */
  CHUNKS_STORED,
  /** Every batch has its message; left when the first batch is claimed. */
  EMBEDDING_QUEUED,
  /** At least one batch was claimed; left when no batch is open. */
  EMBEDDING_IN_PROGRESS,
  /** Every chunk has its vector; left when search reads the new generation. */
  EMBEDDINGS_STORED,
  /** Searchable. Final. */
  COMPLETE,
  /** Parsing or validation gave up, with a reason; a retry resumes from the bytes or the text. */
  FAILED_PARSE,
  /** Chunking gave up, with a reason; a retry resumes from the canonical text. */
  FAILED_CHUNKING,
  /** Embedding or promotion gave up, with a reason; a retry resumes from the stored chunks. */
  FAILED_EMBEDDING,
  /** Stopped by its user. Final. */
  CANCELLED;

  /**
   * The name that users, messages and tables carry: lower case, for instance {@code parse_queued}.
   */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Reads a {@link #wireName()}.
   *
   * @throws IllegalArgumentException if no status has that name
   */
  public static JobStatus ofWireName(String name) {
    return Arrays.stream(values())
        .filter(status -> status.wireName().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no job status is called " + name));
  }

  /** Whether a retry can bring the job back. */
  public boolean isFailed() {
    return this == FAILED_PARSE || this == FAILED_CHUNKING || this == FAILED_EMBEDDING;
  }

  /** Whether no stage will move the job by itself. */
  public boolean isTerminal() {
    return isFailed() || this == COMPLETE || this == CANCELLED;
  }
}
