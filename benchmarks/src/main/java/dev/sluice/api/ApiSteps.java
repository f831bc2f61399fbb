package dev.sluice.api;

import dev.sluice.postgres.Transactions;
import io.micronaut.context.ApplicationContext;
import java.util.UUID;

/** What the API asks the database. */
public final class ApiSteps {
  /** What {@code GET /jobs} lists unless it is told otherwise. */
  private static final int NEWEST = 50;

  private final Transactions transactions;
  private final JobRepository jobs;

  /**
   * @param function the API's beans
   */
  public ApiSteps(ApplicationContext function) {
    transactions = function.getBean(Transactions.class);
    jobs = function.getBean(JobRepository.class);
  }

  /** Where one document stands, as {@code GET /jobs/ID} has it: its chunks are counted. */
  public void progress(UUID userId, UUID documentId) {
    var job = transactions.asTenant(userId, connection -> jobs.latest(documentId));
    if (job.isEmpty()) {
      throw new IllegalStateException("there is no job of " + documentId);
    }
  }

  /** A tenant's newest jobs, as {@code GET /jobs} has them. */
  public int listJobs(UUID userId) {
    return transactions.asTenant(userId, connection -> jobs.newest(NEWEST)).size();
  }
}
