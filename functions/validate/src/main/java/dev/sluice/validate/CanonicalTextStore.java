package dev.sluice.validate;

import dev.sluice.document.JobRef;
import dev.sluice.document.StoragePath;
import dev.sluice.postgres.Sql;
import dev.sluice.postgres.Transactions;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.UUID;

/** A tenant's canonical texts, each once, and the jobs that refer to them. */
@Singleton
final class CanonicalTextStore {
  private static final String FIND =
      """
      select path from parsed_objects where user_id = ? and parsed_sha256 = ?
      """;

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
          lease_token = null, leased_until = null, attempts = 0
      from parsed_objects t
      where j.job_id = ? and j.generation = ? and j.status = 'parsed' and j.lease_token = ?
        and t.user_id = j.user_id and t.parsed_sha256 = ?
      """;

  private final Transactions transactions;

  CanonicalTextStore(Transactions transactions) {
    this.transactions = transactions;
  }

  /** Where the tenant's text with this hash lies. */
  Optional<StoragePath> find(UUID userId, String sha256) {
    return transactions.asTenant(
        userId,
        connection ->
            Optional.ofNullable(Sql.queryForText(connection, FIND, userId, sha256))
                .map(StoragePath::ofUri));
  }

  /**
   * Makes the text known and moves the job to {@code parse_validated}.
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
