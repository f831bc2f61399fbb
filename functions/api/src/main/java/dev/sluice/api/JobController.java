package dev.sluice.api;

import dev.sluice.embedding.EmbeddingPrice;
import dev.sluice.postgres.Transactions;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.http.annotation.Status;
import java.util.UUID;

/** {@code /jobs}. */
@Controller("/jobs")
final class JobController {
  private static final int MOST = 200;

  private final JobRepository jobs;
  private final CancelJob cancelJob;
  private final RetryJob retryJob;
  private final Transactions transactions;
  private final EmbeddingPrice price;

  JobController(
      JobRepository jobs,
      CancelJob cancelJob,
      RetryJob retryJob,
      Transactions transactions,
      EmbeddingPrice price) {
    this.jobs = jobs;
    this.cancelJob = cancelJob;
    this.retryJob = retryJob;
    this.transactions = transactions;
    this.price = price;
  }

  @Get
  JobAnswer.Jobs list(Caller caller, @QueryValue(defaultValue = "50") int limit) {
    if (limit < 1 || limit > MOST) {
      throw Refusal.invalid("limit", "The limit must be between 1 and 200.");
    }
    return new JobAnswer.Jobs(
        transactions.asTenant(caller.userId(), connection -> jobs.newest(limit)).stream()
            .map(this::answer)
            .toList());
  }

  /** The document's latest generation. */
  @Get("/{document_id}")
  JobAnswer get(Caller caller, @PathVariable("document_id") UUID documentId) {
    return transactions
        .asTenant(caller.userId(), connection -> jobs.latest(documentId))
        .map(this::answer)
        .orElseThrow(Refusal::unknownDocument);
  }

  /** Of the document's latest generation; the job as it then stands. */
  @Post("/{document_id}/retry")
  @Consumes(MediaType.ALL)
  @Status(HttpStatus.ACCEPTED)
  JobAnswer retry(Caller caller, @PathVariable("document_id") UUID documentId) {
    return answer(retryJob.retry(caller, documentId));
  }

  /** Of the document's latest generation; the job as it then stands. */
  @Post("/{document_id}/cancel")
  @Consumes(MediaType.ALL)
  JobAnswer cancel(Caller caller, @PathVariable("document_id") UUID documentId) {
    return answer(cancelJob.cancel(caller, documentId));
  }

  private JobAnswer answer(JobView job) {
    return JobAnswer.of(job, price);
  }
}
