package dev.sluice.parse;

import dev.sluice.document.JobRef;
import dev.sluice.document.StoragePath;
import dev.sluice.postgres.JobClaims;
import dev.sluice.postgres.JobRow;
import dev.sluice.postgres.Sql;
import dev.sluice.postgres.Transactions;
import dev.sluice.postgres.WriteRefused;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The moves of a job while it is parsed. */
@Singleton
final class ParseJobs {
  /** Never falls: a late upload of an older generation must not fence off a newer one. */
  private static final String RAISE_GENERATION =
      """
      update documents
      set current_generation = greatest(current_generation, ?), updated_at = clock_timestamp()
      where document_id = ? and deleted_at is null
      returning current_generation
      """;

  private static final String RECEIVE =
      """
      update upload_jobs
      set received_at = clock_timestamp()
      where job_id = ? and generation = ? and status = 'uploaded' and received_at is null
        and lease_token = ?
      """;

  /** Their fence never opens again: without an end they would wait in silence. */
  private static final String END_OLDER_GENERATIONS =
      """
      update upload_jobs
      set status = 'cancelled',
          last_error = jsonb_build_object(
              'code', 'superseded', 'stage', 'parse',
              'message', 'A newer upload of this document has taken its place.'),
          lease_token = null, leased_until = null, wait_reason = null, wait_until = null, emit_due_at = null
      where document_id = ? and generation < ?
        and status not in ('complete', 'cancelled', 'failed_parse', 'failed_chunking', 'failed_embedding')
      """;

  /** Not of a text that lacks pages: another try may read them. */
  private static final String FIND_PARSED_BEFORE =
      """
      select parsed_path, progress ->> 'pages' as pages
      from upload_jobs
      where user_id = ? and raw_sha256 = ? and raw_bytes = ? and parser_name = ? and parser_version = ?
        and parsed_path is not null and job_id <> ? and progress -> 'pages_missing' is null
      order by created_at desc
      limit 1
      """;

  /** Also for a submission made again, perhaps under a newer key: the parser's time begins anew. */
  private static final String QUEUE =
      """
      update upload_jobs
      set status = 'parse_queued', parser_name = ?, parser_version = ?, parse_job_id = null,
          webhook_secret = webhook_secret || jsonb_build_object('kid', ?::text),
          status_changed_at = clock_timestamp(),
          wait_reason = 'parser', wait_until = clock_timestamp() + make_interval(secs => ?)
      where job_id = ? and generation = ? and status = ? and lease_token = ?
      """;

  /** The parser's clock starts again with the next submission. */
  private static final String FORGET_PARSER_JOB =
      """
      update upload_jobs
      set parse_job_id = null, status_changed_at = clock_timestamp()
      where job_id = ? and generation = ? and status = 'parse_queued' and lease_token = ?
        and (parse_job_id is null or parse_job_id = ?)
      """;

  private static final String RELEASE_SUBMITTED =
      """
      update upload_jobs
      set parse_job_id = ?, lease_token = null, leased_until = null, attempts = 0,
          wait_reason = 'parser', wait_until = clock_timestamp() + make_interval(secs => ?)
      where job_id = ? and generation = ? and status = 'parse_queued' and lease_token = ?
        and (parse_job_id is null or parse_job_id = ?)
      """;

  private static final String RELEASE =
      """
      update upload_jobs
      set lease_token = null, leased_until = null, attempts = 0
      where job_id = ? and generation = ? and lease_token = ?
      """;

  private static final String STORE_TEXT =
      """
      update upload_jobs
      set status = 'parsed', parsed_path = ?, parser_name = ?, parser_version = ?,
          parse_job_id = coalesce(parse_job_id, ?),
          progress = (progress - 'pages_missing')
              || jsonb_strip_nulls(jsonb_build_object('pages', ?::integer, 'pages_missing', ?::jsonb)),
          wait_reason = null, wait_until = null, lease_token = null, leased_until = null, attempts = 0,
          emit_due_at = clock_timestamp() + interval '1 minute'
      where job_id = ? and generation = ? and status = ? and lease_token = ?
        and (parse_job_id is null or parse_job_id = coalesce(?, parse_job_id))
      """;

  private final Transactions transactions;

  ParseJobs(Transactions transactions) {
    this.transactions = transactions;
  }

  /** Who parses, and with which options. */
  record Parser(String name, String version) {}

  /** Text that the same bytes gave before. */
  record ParsedBefore(StoragePath path, @Nullable Integer pages) {}

  /** The job as it stands, if it is still there. */
  Optional<JobRow> find(JobRef job) {
    return transactions.asTenant(
        job.userId(), connection -> Optional.ofNullable(JobClaims.find(connection, job)));
  }

  /**
   * Records that the job's bytes have arrived, which makes its generation the document's current
   * one and ends older jobs; the lease stays.
   *
   * @return the row as it is then
   * @throws WriteRefused if the document is deleted or has a newer generation, or the job was
   *     cancelled or has expired: it must not take the document from another
   */
  JobRow receive(ParseWork work) {
    var job = work.job().job();
    return transactions.asTenant(
        job.userId(),
        connection -> {
          var current =
              Sql.queryForText(connection, RAISE_GENERATION, job.generation(), job.documentId());
          if (current == null || Integer.parseInt(current) != job.generation()) {
            throw new WriteRefused.FenceLost();
          }
          Sql.updateGuarded(connection, RECEIVE, job.jobId(), job.generation(), work.lease());
          Sql.update(connection, END_OLDER_GENERATIONS, job.documentId(), job.generation());
          return Objects.requireNonNull(JobClaims.find(connection, job));
        });
  }

  /** What the tenant's same bytes gave with the same parser and options. */
  Optional<ParsedBefore> findParsedBefore(JobRow job, String parserName, String parserVersion) {
    return transactions.asTenant(
        job.job().userId(),
        connection ->
            Optional.ofNullable(
                Sql.queryForRow(
                    connection,
                    FIND_PARSED_BEFORE,
                    row ->
                        new ParsedBefore(
                            StoragePath.ofUri(row.getString("parsed_path")),
                            row.getObject("pages") == null ? null : row.getInt("pages")),
                    job.job().userId(),
                    job.rawSha256(),
                    job.rawBytes(),
                    parserName,
                    parserVersion,
                    job.job().jobId())));
  }

  /** Moves the job to {@code parse_queued}; the lease stays, for the submission that follows. */
  static void queue(
      Connection connection, ParseWork work, Parser parser, String keyId, Duration firstPoll)
      throws SQLException {
    Sql.updateGuarded(
        connection,
        QUEUE,
        parser.name(),
        parser.version(),
        keyId,
        seconds(firstPoll),
        work.job().job().jobId(),
        work.job().job().generation(),
        work.job().status().wireName(),
        work.lease());
  }

  /** Lets go of a parser's job that is no more; the lease stays. */
  static void forgetParserJob(Connection connection, ParseWork work, String parseJobId)
      throws SQLException {
    Sql.updateGuarded(
        connection,
        FORGET_PARSER_JOB,
        work.job().job().jobId(),
        work.job().job().generation(),
        work.lease(),
        parseJobId);
  }

  /** Sets the parser's id of the job, once, and ends the lease: now the parser works. */
  static void releaseToParser(
      Connection connection, ParseWork work, String parseJobId, Duration nextPoll)
      throws SQLException {
    Sql.updateGuarded(
        connection,
        RELEASE_SUBMITTED,
        parseJobId,
        seconds(nextPoll),
        work.job().job().jobId(),
        work.job().job().generation(),
        work.lease(),
        parseJobId);
  }

  /** Ends the lease until the parser's callback, or the next reminder. */
  void releaseWaiting(ParseWork work, Duration nextPoll) {
    transactions.fenced(
        work.job().job(),
        connection -> {
          releaseToParser(
              connection,
              work,
              Objects.requireNonNull(work.job().parseJobId(), "a parser has it"),
              nextPoll);
          return work;
        });
  }

  /** Ends the lease and leaves the job as it is. */
  void release(ParseWork work) {
    transactions.asTenant(
        work.job().job().userId(),
        connection ->
            Sql.update(
                connection,
                RELEASE,
                work.job().job().jobId(),
                work.job().job().generation(),
                work.lease()));
  }

  /** Moves the job to {@code parsed}. */
  static void storeText(Connection connection, ParseWork work, ParsedText text)
      throws SQLException {
    Sql.updateGuarded(
        connection,
        STORE_TEXT,
        text.path().uri(),
        text.parserName(),
        text.parserVersion(),
        text.parseJobId(),
        text.pages(),
        text.pagesMissing().isEmpty() ? null : text.pagesMissing().toString(),
        work.job().job().jobId(),
        work.job().job().generation(),
        work.job().status().wireName(),
        work.lease(),
        text.parseJobId());
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }
}
