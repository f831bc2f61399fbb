package dev.sluice.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.callback.CallbackHeader;
import dev.sluice.callback.CallbackKeys;
import dev.sluice.callback.CallbackRefused;
import dev.sluice.callback.CallbackScheme;
import dev.sluice.localstack.TestServers;
import io.micronaut.context.ApplicationContext;
import io.micronaut.function.aws.LambdaApplicationContextBuilder;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Computation alone rejects who never got a header from us: here no database can be reached. */
@Tag("servers")
class StrangerTest {
  @Test
  void isRejectedBeforeTheDatabaseIsAsked() {
    try (var context = context()) {
      var acceptDelivery = context.getBean(AcceptDelivery.class);
      assertThatExceptionOfType(CallbackRefused.class)
          .isThrownBy(() -> acceptDelivery.accept(delivery("k1.a.lp.9999999999.salt.mac")))
          .satisfies(refused -> assertThat(refused.reason()).isEqualTo("header_mac_wrong"));

      var genuine =
          context
              .getBean(CallbackKeys.class)
              .header(
                  UUID.randomUUID(),
                  CallbackScheme.LLAMAPARSE,
                  Clock.systemUTC().instant().plus(Duration.ofMinutes(1)));
      assertThatExceptionOfType(RuntimeException.class)
          .as("a genuine header gets as far as the database")
          .isThrownBy(() -> acceptDelivery.accept(delivery(genuine)))
          .isNotInstanceOf(CallbackRefused.class);
    }
  }

  private static Delivery delivery(String header) {
    return new Delivery(
        Map.of(CallbackHeader.NAME, header, "Content-Type", "application/json"),
        new byte[0],
        "192.0.2.1");
  }

  private static ApplicationContext context() {
    var environment =
        TestServers.environment(
            "webhook",
            "none",
            Map.of(
                "DATABASE_URL", "jdbc:postgresql://127.0.0.1:1/nobody",
                "WEBHOOK_SOURCES", "",
                "datasources.default.connection-timeout", "300"));
    TestServers.shared().define("webhook", WebhookFunction.MASTER_KEYS);
    return new LambdaApplicationContextBuilder().properties(environment).start();
  }
}
