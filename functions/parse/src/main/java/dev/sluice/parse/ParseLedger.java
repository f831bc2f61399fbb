package dev.sluice.parse;

import dev.sluice.document.JobRef;
import dev.sluice.postgres.Sql;
import dev.sluice.postgres.Transactions;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What parsing costs: a row is written before each submission, and settled with its result. */
@Singleton
final class ParseLedger {
  private static final String START =
      """
      insert into provider_calls (call_id, user_id, job_id, provider, operation, model, cost_nanousd)
      values (?, ?, ?, ?, 'parse', ?, ?)
      """;

  private static final String NAME_REQUEST =
      """
      update provider_calls
      set request_id = ?
      where call_id = (
          select call_id
          from provider_calls
          where job_id = ? and operation = 'parse' and state <> 'settled' and request_id is null
          order by started_at desc
          limit 1)
      """;

  private static final String REFUSE =
      """
      update provider_calls
      set state = 'settled', outcome = ?, cost_nanousd = 0, settled_at = clock_timestamp()
      where call_id = ? and state <> 'settled'
      """;

  /**
   * The row of that very request; or the newest that names none, when the result overtook the
   * answer to the submission. The sweep may have closed it as unknown meanwhile.
   */
  private static final String SETTLE =
      """
      update provider_calls
      set state = 'settled', outcome = ?, pages = coalesce(?::integer, pages),
          cost_nanousd = coalesce(?::bigint, cost_nanousd), request_id = ?, settled_at = clock_timestamp()
      where call_id = (
          select call_id
          from provider_calls
          where job_id = ? and operation = 'parse' and state <> 'settled'
            and (request_id is null or request_id = ?)
          order by request_id nulls last, started_at desc
          limit 1)
      """;

  private static final String OPEN =
      """
      select request_id
      from provider_calls
      where job_id = ? and operation = 'parse' and provider = 'llamaparse' and state = 'started'
      order by started_at desc
      limit 1
      """;

  private static final String EXPIRED =
      """
      select count(*)
      from provider_calls c
      where c.job_id = ? and c.operation = 'parse' and c.outcome = 'parse_expired'
        and c.settled_at > all (
            select e.at
            from job_events e
            where e.job_id = c.job_id and e.kind = 'operator' and e.detail ->> 'act' in ('retry', 'redrive'))
      """;

  private final Transactions transactions;

  ParseLedger(Transactions transactions) {
    this.transactions = transactions;
  }

  /** How a submission ended, and what it cost; null keeps the estimate. */
  record Settlement(
      String parseJobId, String outcome, @Nullable Integer pages, @Nullable NanoUsd cost) {}

  /** A submission of which it is not known how it ended; it has no id until it was answered. */
  record Open(@Nullable String requestId) {}

  /** Writes down a submission that is about to be made. */
  static void start(Connection connection, JobRef job, UUID callId, String tier, NanoUsd estimate)
      throws SQLException {
    Sql.update(
        connection,
        START,
        callId,
        job.userId(),
        job.jobId(),
        ParserOptions.NAME,
        tier,
        estimate.amount());
  }

  /** Gives the newest open row the parser's id of the job. */
  static void name(Connection connection, JobRef job, String parseJobId) throws SQLException {
    Sql.update(connection, NAME_REQUEST, parseJobId, job.jobId());
  }

  /** Settles within the transaction that stores the result. */
  static void settle(Connection connection, JobRef job, Settlement settlement) throws SQLException {
    var cost = settlement.cost();
    Sql.update(
        connection,
        SETTLE,
        settlement.outcome(),
        settlement.pages(),
        cost == null ? null : cost.amount(),
        settlement.parseJobId(),
        job.jobId(),
        settlement.parseJobId());
  }

  /**
   * Settles a submission whose result the parser no longer keeps; what it cost is not known.
   *
   * @return how many results the job has lost so since it was last retried, with this one
   */
  static int expire(Connection connection, JobRef job, String parseJobId) throws SQLException {
    settle(connection, job, new Settlement(parseJobId, "parse_expired", null, null));
    return Sql.queryForInt(connection, EXPIRED, job.jobId()).orElseThrow();
  }

  /** The job's latest submission, if it is not settled. */
  Optional<Open> open(JobRef job) {
    return transactions.asTenant(
        job.userId(),
        connection ->
            Optional.ofNullable(
                Sql.queryForRow(
                    connection, OPEN, row -> new Open(row.getString("request_id")), job.jobId())));
  }

  /** Settles alone: the result is of no use, but it is paid. */
  void settle(JobRef job, Settlement settlement) {
    transactions.asTenant(
        job.userId(),
        connection -> {
          settle(connection, job, settlement);
          return settlement;
        });
  }

  /** The parser took nothing, so it costs nothing. */
  void refused(JobRef job, UUID callId, String outcome) {
    transactions.asTenant(
        job.userId(), connection -> Sql.update(connection, REFUSE, outcome, callId));
  }
}
