package dev.sluice.validate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sluice.fixture.FunctionContext;
import dev.sluice.fixture.TestDatabase;
import dev.sluice.fixture.TickingClock;
import dev.sluice.localstack.TestServers;
import dev.sluice.postgres.Sql;
import dev.sluice.postgres.Transactions;
import io.micronaut.context.ApplicationContext;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How a function gets its database login: the same for every function, shown with one. */
@Tag("servers")
class DatabaseLoginTest {
  private static final String SECRET = "database/rotated";

  private static TestDatabase database;

  @BeforeAll
  static void start() {
    database = TestServers.database();
  }

  @AfterAll
  static void stop() {
    database.close();
  }

  @Test
  void aFunctionStartsWithoutSecretsAndConnectsWithWhatTheyAreThen() {
    try (var context = function()) {
      store(database.password());
      assertThat(user(context)).isEqualTo("sluice_validate");
    }
  }

  @Test
  void aRotatedPasswordIsFetchedOnceAMinuteAtMost() {
    store("the-password-before");
    try (var context = function()) {
      assertThatThrownBy(() -> user(context)).hasStackTraceContaining("password authentication");
      store(database.password());
      assertThatThrownBy(() -> user(context)).hasStackTraceContaining("password authentication");
      context.getBean(TickingClock.class).advance(Duration.ofSeconds(61));
      // The pool tries in its own time, and waits longer after each failure.
      await()
          .atMost(Duration.ofSeconds(30))
          .ignoreExceptions()
          .until(() -> user(context), "sluice_validate"::equals);
    }
  }

  private static ApplicationContext function() {
    var environment = TestServers.environment("validate", database.password(), Map.of());
    environment.put("DATABASE_SECRET", SECRET);
    environment.put("datasources.default.connection-timeout", "1000");
    return FunctionContext.start(database, environment);
  }

  private static void store(String password) {
    TestServers.shared()
        .define(
            SECRET,
            "{\"username\": \"sluice_validate\", \"password\": \"%s\"}".formatted(password));
  }

  private static String user(ApplicationContext context) {
    return context
        .getBean(Transactions.class)
        .acrossTenants(connection -> Sql.queryForText(connection, "select current_user"));
  }
}
