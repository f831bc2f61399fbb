package dev.sluice.postgres;

import dev.sluice.document.JobRef;
import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Transactions that know their tenant. No call to anything outside the database belongs inside one.
 */
@Singleton
public final class Transactions {
  /** Transaction-local: a pooled connection never carries a tenant into the next transaction. */
  private static final String SET_TENANT = "select set_config('app.user_id', ?, true)";

  /**
   * The lock is the fence: without it a deletion or a newer generation could slip in behind the
   * check.
   */
  private static final String FENCE =
      """
      select 1
      from documents
      where document_id = ? and current_generation = ? and deleted_at is null
      for share
      """;

  /** For a transaction that updates the document: share locks taken by two could not both grow. */
  private static final String FENCE_ALONE =
      """
      select 1
      from documents
      where document_id = ? and current_generation = ? and deleted_at is null
      for no key update
      """;

  private final TransactionOperations<Connection> transactions;

  Transactions(TransactionOperations<Connection> transactions) {
    this.transactions = transactions;
  }

  /**
   * What runs inside; {@link SQLException} rolls back and reaches the caller as the cause of a
   * {@link StatementFailed}.
   */
  @FunctionalInterface
  public interface Work<T> {
    T run(Connection connection) throws SQLException;
  }

  /** Runs as the tenant: row-level security shows and takes that tenant's rows only. */
  public <T> T asTenant(UUID userId, Work<T> work) {
    return execute(
        connection -> {
          Sql.queryForText(connection, SET_TENANT, userId.toString());
          return work.run(connection);
        });
  }

  /** Runs without a tenant, for roles whose policies allow it: webhook and sweep. */
  public <T> T acrossTenants(Work<T> work) {
    return execute(work);
  }

  /**
   * What the work throws is what the caller gets: Micronaut would throw an {@link SQLException} on
   * undeclared, and a rollback over a broken connection, which fails as well, in its place.
   */
  private <T> T execute(Work<T> work) {
    var thrown = new AtomicReference<@Nullable RuntimeException>();
    try {
      return transactions.executeWrite(
          status -> {
            try {
              return work.run(status.getConnection());
            } catch (SQLException e) {
              throw kept(new StatementFailed(e), thrown);
            } catch (RuntimeException e) {
              throw kept(e, thrown);
            }
          });
    } catch (RuntimeException e) {
      var first = thrown.get();
      throw first == null ? new TransactionBroken(e) : first;
    }
  }

  private static RuntimeException kept(
      RuntimeException failure, AtomicReference<@Nullable RuntimeException> thrown) {
    thrown.set(failure);
    return failure;
  }

  /**
   * Runs as the tenant behind the document's share lock, for writes that belong to one generation.
   *
   * @throws WriteRefused.FenceLost if the document is deleted or another generation is current
   */
  public <T> T fenced(JobRef job, Work<T> work) {
    return behind(FENCE, job, work);
  }

  /**
   * As {@link #fenced}, holding off every other fenced transaction of the document, for writes to
   * the document itself.
   *
   * @throws WriteRefused.FenceLost if the document is deleted or another generation is current
   */
  public <T> T fencedAlone(JobRef job, Work<T> work) {
    return behind(FENCE_ALONE, job, work);
  }

  private <T> T behind(String fence, JobRef job, Work<T> work) {
    return asTenant(
        job.userId(),
        connection -> {
          if (Sql.queryForText(connection, fence, job.documentId(), job.generation()) == null) {
            throw new WriteRefused.FenceLost();
          }
          return work.run(connection);
        });
  }
}
