package dev.sluice.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.micronaut.core.type.Argument;
import io.micronaut.serde.ObjectMapper;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class MetricsTest {
  private static final Instant NOW = Instant.parse("2026-11-24T05:00:00Z");

  private final Logger logger = (Logger) LoggerFactory.getLogger("metrics");
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final Metrics metrics =
      new Metrics(ObjectMapper.getDefault(), Clock.fixed(NOW, ZoneOffset.UTC));

  @BeforeEach
  void listen() {
    lines.start();
    logger.addAppender(lines);
  }

  @AfterEach
  void stop() {
    logger.detachAppender(lines);
  }

  /** The names and their places are CloudWatch's: Embedded Metric Format Specification. */
  @Test
  void writesALineThatCloudWatchCounts() throws IOException {
    metrics.count("WebhookRefused", Map.of("reason", "a \"quoted\" one"));
    assertThat(lines.list).hasSize(1);
    var line =
        ObjectMapper.getDefault()
            .readValue(
                lines.list.getFirst().getFormattedMessage(),
                Argument.mapOf(String.class, Object.class));
    assertThat(line)
        .containsEntry("reason", "a \"quoted\" one")
        .containsEntry("WebhookRefused", 1)
        .containsEntry("level", "INFO");
    var directive = (Map<?, ?>) line.get("_aws");
    assertThat(directive.get("Timestamp")).isEqualTo(NOW.toEpochMilli());
    assertThat((Object) ((List<?>) directive.get("CloudWatchMetrics")).getFirst())
        .isEqualTo(
            Map.of(
                "Namespace",
                "Sluice",
                "Dimensions",
                List.of(List.of("reason")),
                "Metrics",
                List.of(Map.of("Name", "WebhookRefused", "Unit", "Count"))));
  }
}
