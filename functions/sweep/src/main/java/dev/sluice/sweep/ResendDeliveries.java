package dev.sluice.sweep;

import dev.sluice.document.JobStatus;
import dev.sluice.postgres.Sql;
import dev.sluice.postgres.Transactions;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/** Sends for callbacks that were recorded, and whose message was not sent. */
@Singleton
final class ResendDeliveries implements SweepTask {
  private static final String DUE =
      """
      select w.nonce, w.event_type, j.user_id, j.document_id, j.job_id, j.generation, j.status, j.retry_count,
             j.correlation_id
      from webhook_log w
      join upload_jobs j on j.job_id = w.job_id
      where w.emitted_at is null and w.received_at <= clock_timestamp() - interval '1 minute'
      order by w.received_at
      limit ?
      for update of w skip locked
      """;

  private static final String PARSER_FAILED = "parser.failed";

  private static final String SENT =
      """
      update webhook_log
      set emitted_at = clock_timestamp()
      where job_id = ? and nonce = ? and emitted_at is null
      """;

  private final Transactions transactions;
  private final JobMessages messages;

  ResendDeliveries(Transactions transactions, JobMessages messages) {
    this.transactions = transactions;
    this.messages = messages;
  }

  private record Delivery(String nonce, String event, SweptJob job) {
    static Delivery read(ResultSet row) throws SQLException {
      return new Delivery(row.getString("nonce"), row.getString("event_type"), SweptJob.read(row));
    }
  }

  @Override
  public String name() {
    return "deliveries_sent";
  }

  /** Two sweeps at once may both send: the parse stage then looks twice. */
  @Override
  public int sweepSome() {
    List<Delivery> due =
        transactions.acrossTenants(
            connection -> Sql.query(connection, DUE, Delivery::read, AT_ONCE));
    for (var delivery : due) {
      if (delivery.job().status() == JobStatus.PARSE_QUEUED) {
        send(delivery);
      }
      transactions.acrossTenants(
          connection ->
              Sql.update(connection, SENT, delivery.job().job().jobId(), delivery.nonce()));
    }
    return due.size();
  }

  /** A parser that cannot be asked has said in its callback only that it failed. */
  private void send(Delivery delivery) {
    if (delivery.event().equals(PARSER_FAILED)) {
      messages.parserFailed(delivery.job());
    } else {
      messages.collect(delivery.job());
    }
  }
}
