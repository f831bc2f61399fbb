package dev.sluice.embed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.fixture.FunctionContext;
import dev.sluice.fixture.Seed;
import dev.sluice.fixture.TestDatabase;
import dev.sluice.localstack.TestServers;
import dev.sluice.postgres.RateLimits;
import dev.sluice.postgres.RateLimits.Bucket;
import dev.sluice.postgres.RateLimits.News;
import dev.sluice.postgres.RateLimits.PerMinute;
import dev.sluice.postgres.RateLimits.Permit;
import io.micronaut.context.ApplicationContext;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The limits that all functions share; time goes by as the test writes it into the bucket. */
@Tag("servers")
class RateLimitsTest {
  private static final Bucket BUCKET = new Bucket("openai", "m");

  /** Ten requests and 1,000 tokens in the six seconds that may be taken at once. */
  private static final PerMinute ASSUMED = new PerMinute(100.0, 10_000.0);

  private static final UUID TENANT = UUID.randomUUID();
  private static final UUID OTHER = UUID.randomUUID();

  private static TestDatabase database;
  private static ApplicationContext context;
  private static RateLimits limits;

  @BeforeAll
  static void start() {
    database = TestServers.database();
    context =
        FunctionContext.start(
            database,
            TestServers.environment(
                "embed", database.password(), Map.of("OPENAI_URL", "http://127.0.0.1:1")));
    limits = context.getBean(RateLimits.class);
  }

  @AfterAll
  static void stop() {
    context.close();
    database.close();
  }

  @BeforeEach
  void forget() {
    Seed.forgetLimits(database);
  }

  @Test
  void grantsSixSecondsWorthAtOnceThenAsMuchAsComesIn() {
    for (int i = 0; i < 10; i++) {
      assertThat(take(TENANT, 100)).isInstanceOf(Permit.Granted.class);
    }
    assertWaits(take(TENANT, 100), "rate_limit", 500, 700);
    pass("1 second");
    assertThat(take(TENANT, 150)).isInstanceOf(Permit.Granted.class);
    assertWaits(take(TENANT, 150), "rate_limit", 400, 900);
  }

  @Test
  void whatIsLargerThanTheBucketWaitsUntilItIsFullAndLeavesItInDebt() {
    assertThat(take(TENANT, 5_000)).isInstanceOf(Permit.Granted.class);
    assertWaits(take(TENANT, 1), "rate_limit", 23_000, 24_100);
  }

  @Test
  void theProvidersWordGoesBeforeOurs() {
    assertThat(take(TENANT, 1)).isInstanceOf(Permit.Granted.class);
    limits.report(
        BUCKET, new News.Answered(), new PerMinute(10.0, 1_000.0), new PerMinute(9.0, 0.0));
    assertWaits(take(TENANT, 50), "rate_limit", 2_500, 3_100);
  }

  @Test
  void whoHadLessGoesFirst() {
    assertThat(take(TENANT, 1_000)).isInstanceOf(Permit.Granted.class);
    assertWaits(take(OTHER, 500), "rate_limit", 2_000, 3_100);
    pass("3 seconds");
    // There are 500 by now, and the other wants them.
    assertWaits(take(TENANT, 100), "rate_limit", 1, 700);
    assertThat(take(OTHER, 500)).isInstanceOf(Permit.Granted.class);
    pass("1 second");
    assertThat(take(TENANT, 100)).as("nobody else waits").isInstanceOf(Permit.Granted.class);
  }

  @Test
  void aTenantThatHasGoneDoesNotHoldUpTheOthers() {
    assertThat(take(TENANT, 1_000)).isInstanceOf(Permit.Granted.class);
    assertWaits(take(OTHER, 500), "rate_limit", 2_000, 3_100);
    database.ask("update rate_shares set wants_until = clock_timestamp() where wants is not null");
    pass("1 second");
    assertThat(take(TENANT, 100)).isInstanceOf(Permit.Granted.class);
  }

  @Test
  void aPauseThatTheProviderAsksForIsEveryones() {
    assertThat(take(TENANT, 1)).isInstanceOf(Permit.Granted.class);
    report(new News.Throttled(Duration.ofSeconds(20)));
    assertWaits(take(OTHER, 1), "rate_limit", 19_000, 20_000);
    report(new News.Answered());
    assertWaits(take(OTHER, 1), "rate_limit", 19_000, 20_000);
  }

  @Test
  void afterFiveOutagesOneCallAtATimeTriesAndItsSuccessLetsAllThrough() {
    assertThat(take(TENANT, 1)).isInstanceOf(Permit.Granted.class);
    for (int i = 0; i < 4; i++) {
      report(new News.Away());
      assertThat(take(TENANT, 1)).isInstanceOf(Permit.Granted.class);
    }
    report(new News.Away());
    assertWaits(take(TENANT, 1), "provider_away", 4_000, 5_000);

    endPause();
    assertThat(take(TENANT, 1)).as("the one that tries").isInstanceOf(Permit.Granted.class);
    assertWaits(take(OTHER, 1), "provider_away", 44_000, 45_000);
    report(new News.Away());
    assertWaits(take(OTHER, 1), "provider_away", 9_000, 10_000);

    endPause();
    assertThat(take(TENANT, 1)).isInstanceOf(Permit.Granted.class);
    report(new News.Answered());
    assertThat(take(OTHER, 1)).isInstanceOf(Permit.Granted.class);
    assertThat(take(TENANT, 1)).isInstanceOf(Permit.Granted.class);
  }

  @Test
  void threeSilencesInARowAreEnough() {
    assertThat(take(TENANT, 1)).isInstanceOf(Permit.Granted.class);
    report(new News.Silent());
    report(new News.Silent());
    assertThat(take(TENANT, 1)).isInstanceOf(Permit.Granted.class);
    report(new News.Silent());
    assertWaits(take(TENANT, 1), "provider_away", 4_000, 5_000);
  }

  @Test
  void whatIsGivenBackIsTheOthers() {
    assertThat(take(TENANT, 1_000)).isInstanceOf(Permit.Granted.class);
    limits.giveBack(BUCKET, TENANT, 1_000);
    assertThat(take(OTHER, 1_000)).isInstanceOf(Permit.Granted.class);
    assertThat(database.ask("select used from rate_shares where tenant = ?", TENANT))
        .isEqualTo("0");
  }

  @Test
  void aProbeThatIsNotMadeIsLeftToAnother() {
    assertThat(take(TENANT, 1)).isInstanceOf(Permit.Granted.class);
    report(new News.Blocked("provider_key"));
    endPause();
    assertThat(take(TENANT, 1)).as("the one that tries").isInstanceOf(Permit.Granted.class);
    limits.giveBack(BUCKET, TENANT, 1);
    assertThat(take(OTHER, 1)).as("tries instead").isInstanceOf(Permit.Granted.class);
    report(new News.Away());
    limits.giveBack(BUCKET, TENANT, 1);
    assertWaits(take(OTHER, 1), "provider_away", 9_000, 10_000);
  }

  @Test
  void aRequestThatWasTooLargeIsForgottenAfterADay() {
    assertThat(take(TENANT, 1)).isInstanceOf(Permit.Granted.class);
    limits.reportTooLarge(BUCKET, 100_000);
    report(new News.Answered());
    assertThat(database.ask("select largest_request from rate_buckets")).isEqualTo("50000");
    database.ask(
        "update rate_buckets set largest_request_at = largest_request_at - interval '25 hours'");
    report(new News.Answered());
    assertThat(database.ask("select largest_request from rate_buckets")).isNull();
  }

  @Test
  void anOutagesPauseDoublesToTwentySeconds() {
    assertThat(take(TENANT, 1)).isInstanceOf(Permit.Granted.class);
    for (int i = 0; i < 30; i++) {
      report(new News.Away());
    }
    assertWaits(take(TENANT, 1), "provider_away", 19_000, 20_000);
  }

  @Test
  void aKeyThatIsRefusedPausesAtOnce() {
    assertThat(take(TENANT, 1)).isInstanceOf(Permit.Granted.class);
    report(new News.Blocked("provider_key"));
    assertWaits(take(OTHER, 1), "provider_key", 4_000, 5_000);
  }

  @Test
  void aTooLargeRequestHalvesWhatIsPlannedDownToOneText() {
    assertThat(take(TENANT, 1)).isInstanceOf(Permit.Granted.class);
    limits.reportTooLarge(BUCKET, 100_000);
    assertThat(database.ask("select largest_request from rate_buckets")).isEqualTo("50000");
    limits.reportTooLarge(BUCKET, 9_000);
    assertThat(database.ask("select largest_request from rate_buckets")).isEqualTo("8191");
  }

  private static Permit take(UUID tenant, long tokens) {
    return limits.take(BUCKET, tenant, tokens, ASSUMED);
  }

  private static void report(News news) {
    limits.report(BUCKET, news, PerMinute.UNKNOWN, PerMinute.UNKNOWN);
  }

  private static void pass(String time) {
    database.ask("update rate_buckets set refilled_at = refilled_at - cast(? as interval)", time);
  }

  private static void endPause() {
    database.ask("update rate_buckets set paused_until = clock_timestamp()");
  }

  private static void assertWaits(Permit permit, String reason, int least, int most) {
    assertThat(permit)
        .isInstanceOfSatisfying(
            Permit.Wait.class,
            wait -> {
              assertThat(wait.reason()).isEqualTo(reason);
              assertThat(wait.time().toMillis()).isBetween((long) least, (long) most);
            });
  }
}
