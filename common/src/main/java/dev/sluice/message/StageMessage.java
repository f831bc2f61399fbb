package dev.sluice.message;

import dev.sluice.document.JobRef;

/**
 * What every message names. A message carries keys, never text: it fits any queue, and nothing of a
 * document lies in one.
 */
public interface StageMessage {
  /** The shape's version; a function refuses one that it does not know. */
  int version();

  JobRef job();

  /** The job's retry count when the message was sent: a retry makes older messages stale. */
  int retryCount();

  /** The same message as of a retry, for one that a redrive has brought back. */
  StageMessage withRetryCount(int newRetryCount);

  /** Follows a document through every function's log, from upload to search. */
  String correlationId();
}
