package dev.sluice.sweep;

import dev.sluice.message.MessageSender;
import dev.sluice.postgres.Sql;
import dev.sluice.postgres.Transactions;
import io.micronaut.context.annotation.Property;
import io.micronaut.core.convert.format.MapFormat;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many messages wait in each dead-letter queue for a redrive, or for their retention's end, and
 * for how long. A queue tells no message's age without giving the message out, so the age is that
 * of the job that failed on it.
 */
@Singleton
final class DeadLetters {
  private static final Logger LOG = LoggerFactory.getLogger(DeadLetters.class);

  /** A job that failed without a message, such as by waiting too long, has no dead letter. */
  private static final String OLDEST =
      """
      select last_error ->> 'stage' as stage,
             extract(epoch from clock_timestamp() - min(status_changed_at))::bigint as oldest
      from upload_jobs
      where status in ('failed_parse', 'failed_chunking', 'failed_embedding')
        and failed_message_id is not null and purged_at is null
      group by last_error ->> 'stage'
      """;

  private final MessageSender queues;
  private final Transactions transactions;
  private final Map<String, String> urls;

  DeadLetters(
      MessageSender queues,
      Transactions transactions,
      @Property(name = "sluice.dead-letters")
          @MapFormat(transformation = MapFormat.MapTransformation.FLAT)
          Map<String, String> urls) {
    this.queues = queues;
    this.transactions = transactions;
    this.urls = Map.copyOf(urls);
  }

  /**
   * {@code STAGE_dead_letters}, and {@code STAGE_dead_letters_oldest_seconds} where there are any:
   * since when the oldest of the stage's jobs that failed on a message has been failed. A queue
   * that does not answer is left out, as is the age of letters whose jobs are failed no longer.
   */
  Map<String, Long> read() {
    var oldest = oldest();
    var gauges = new TreeMap<String, Long>();
    urls.forEach(
        (stage, url) -> {
          try {
            long letters = queues.waitingAt(url);
            gauges.put(stage + "_dead_letters", letters);
            if (letters > 0 && oldest.containsKey(stage)) {
              gauges.put(stage + "_dead_letters_oldest_seconds", oldest.get(stage));
            }
          } catch (RuntimeException e) {
            LOG.warn("The dead letters of {} were not counted", stage, e);
          }
        });
    return gauges;
  }

  private Map<String, Long> oldest() {
    var ages = new HashMap<String, Long>();
    transactions.acrossTenants(
        connection ->
            Sql.query(
                connection,
                OLDEST,
                row -> ages.put(row.getString("stage"), row.getLong("oldest"))));
    return ages;
  }
}
