package dev.sluice.telemetry;

import dev.sluice.document.JobRef;
import org.slf4j.MDC;

/**
 * The fields of every log line, kept in the MDC and written as JSON: {@code correlation_id,
 * user_id, job_id, document_id, generation, stage, message_id, outcome, code, duration_ms}. Never
 * document text, never a secret.
 */
public final class LogFields {
  private LogFields() {}

  public static void job(JobRef job, String correlationId) {
    MDC.put("correlation_id", correlationId);
    MDC.put("user_id", job.userId().toString());
    MDC.put("job_id", job.jobId().toString());
    MDC.put("document_id", job.documentId().toString());
    MDC.put("generation", Integer.toString(job.generation()));
  }

  public static void put(String field, String value) {
    MDC.put(field, value);
  }

  /** Forgets everything; called when an invocation or a message is done. */
  public static void clear() {
    MDC.clear();
  }
}
