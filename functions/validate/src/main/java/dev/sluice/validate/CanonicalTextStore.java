package dev.sluice.validate;

import dev.sluice.document.JobRef;
import dev.sluice.document.StoragePath;
import dev.sluice.postgres.Sql;
import dev.sluice.postgres.Transactions;
import jakarta.inject.Singleton;
import java.util.UUID;

/** A tenant's canonical texts, each once, and the jobs that refer to them. */
@Singleton
final class CanonicalTextStore {
  private static final String FIND =
      """
      select 1 from parsed_objects where user_id = ? and parsed_sha256 = ?
      """;

  /**
   * Of the job's own object only: another's may be deleted together with the last job that referred
   * to it, between being found and being referred to here.
   */
  private static final String ADD =
      """
      insert into parsed_objects (user_id, parsed_sha256, path, bytes)
      values (?, ?, ?, ?)
      on conflict (user_id, parsed_sha256) do nothing
      """;

  /** The path is read back: of two jobs with the same new text, the first one's object stays. */
  private static final String MOVE_ON =
      """
      update upload_jobs j
      set status = 'parse_validated', parsed_sha256 = t.parsed_sha256, parsed_path = t.path,
          lease_token = null, leased_until = null, attempts = 0,
          emit_due_at = clock_timestamp() + interval '1 minute'
      from parsed_objects t
      where j.job_id = ? and j.generation = ? and j.status = 'parsed' and j.lease_token = ?
        and t.user_id = j.user_id and t.parsed_sha256 = ?
      """;

  private final Transactions transactions;

  CanonicalTextStore(Transactions transactions) {
    this.transactions = transactions;
  }

  /**
   * Refers to a text that is known already and moves the job to {@code parse_validated}.
   *
   * @return false if the text is not known; the job has not moved then
   * @throws dev.sluice.postgres.WriteRefused if the job is no longer this invocation's
   */
  boolean moveOnWithKnown(JobRef job, UUID lease, Normalisation.Accepted text) {
    return transactions.fenced(
        job,
        connection -> {
          if (Sql.queryForText(connection, FIND, job.userId(), text.sha256()) == null) {
            return false;
          }
          Sql.updateGuarded(
              connection, MOVE_ON, job.jobId(), job.generation(), lease, text.sha256());
          return true;
        });
  }

  /**
   * Makes the text known that lies under the job's own path, and moves the job to {@code
   * parse_validated}.
   *
   * @throws dev.sluice.postgres.WriteRefused if the job is no longer this invocation's
   */
  void moveOn(JobRef job, UUID lease, StoragePath path, Normalisation.Accepted text) {
    transactions.fenced(
        job,
        connection -> {
          Sql.update(connection, ADD, job.userId(), text.sha256(), path.uri(), text.utf8().length);
          Sql.updateGuarded(
              connection, MOVE_ON, job.jobId(), job.generation(), lease, text.sha256());
          return text;
        });
  }
}
