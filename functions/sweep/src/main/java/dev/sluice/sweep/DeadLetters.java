package dev.sluice.sweep;

import dev.sluice.message.MessageSender;
import io.micronaut.context.annotation.Property;
import io.micronaut.core.convert.format.MapFormat;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How many messages wait in each dead-letter queue for a redrive, or for their retention's end. */
@Singleton
final class DeadLetters {
  private static final Logger LOG = LoggerFactory.getLogger(DeadLetters.class);

  private final MessageSender queues;
  private final Map<String, String> urls;

  DeadLetters(
      MessageSender queues,
      @Property(name = "sluice.dead-letters")
          @MapFormat(transformation = MapFormat.MapTransformation.FLAT)
          Map<String, String> urls) {
    this.queues = queues;
    this.urls = Map.copyOf(urls);
  }

  /** {@code STAGE_dead_letters}; a queue that does not answer is left out. */
  Map<String, Long> count() {
    var counts = new TreeMap<String, Long>();
    urls.forEach(
        (stage, url) -> {
          try {
            counts.put(stage + "_dead_letters", (long) queues.waitingAt(url));
          } catch (RuntimeException e) {
            LOG.warn("The dead letters of {} were not counted", stage, e);
          }
        });
    return counts;
  }
}
