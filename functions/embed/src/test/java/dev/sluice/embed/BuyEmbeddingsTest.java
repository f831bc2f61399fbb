package dev.sluice.embed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.embedding.BuyEmbeddings;
import dev.sluice.embedding.EmbeddingOrder;
import dev.sluice.embedding.EmbeddingPurchase.Bought;
import dev.sluice.embedding.EmbeddingPurchase.NotBought;
import dev.sluice.fixture.FunctionContext;
import dev.sluice.fixture.ScriptedProvider;
import dev.sluice.fixture.Seed;
import dev.sluice.fixture.TestDatabase;
import dev.sluice.localstack.TestServers;
import dev.sluice.postgres.ProviderCalls.Settlement;
import io.micronaut.context.ApplicationContext;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("servers")
class BuyEmbeddingsTest {
  /** The client's request timeout, and 5 s. */
  private static final Duration LONGEST_CALL = Duration.ofSeconds(25);

  private static TestDatabase database;
  private static ScriptedProvider provider;
  private static ApplicationContext context;
  private static BuyEmbeddings provided;

  private final UUID userId = UUID.randomUUID();

  @BeforeAll
  static void start() {
    database = TestServers.database();
    provider = ScriptedProvider.start();
    context =
        FunctionContext.start(
            database,
            TestServers.environment(
                "embed", database.password(), Map.of("OPENAI_URL", provider.url().toString())));
    provided = context.getBean(BuyEmbeddings.class);
  }

  @AfterAll
  static void stop() {
    context.close();
    provider.close();
    database.close();
  }

  @BeforeEach
  void forget() {
    provider.reset();
    Seed.forgetLimits(database);
  }

  @Test
  void sitsOutAShortOutageAndWritesEachAttemptDown() {
    provider.thenSay(503, "{}").thenRefuse(429, "slow_down", "retry-after-ms", "100");

    assertThat(provided.buy(order(Duration.ofSeconds(60)))).isInstanceOf(Bought.class);

    assertThat(provider.asked()).hasSize(3);
    assertThat(ledger())
        .isEqualTo("settled provider_unavailable 0, settled rate_limit 0, started null 3");
  }

  @Test
  void givesUpAfterTwoMoreAttempts() {
    provider.thenSay(503, "{}").thenSay(503, "{}").thenSay(503, "{}");

    assertThat(provided.buy(order(Duration.ofSeconds(60)))).isInstanceOf(NotBought.class);
    assertThat(provider.asked()).hasSize(3);
  }

  @Test
  void doesNotTryAgainWithoutTime() {
    provider.thenSay(503, "{}");
    assertThat(provided.buy(order(LONGEST_CALL.plusMillis(900)))).isInstanceOf(NotBought.class);
    assertThat(provider.asked()).hasSize(1);
  }

  @Test
  void beginsNoCallThatMightBeCutOff() {
    assertThat(provided.buy(order(LONGEST_CALL.minusMillis(1))))
        .isInstanceOfSatisfying(
            NotBought.class, none -> assertThat(none.failure().code()).isEqualTo("no_time_left"));
    assertThat(provider.asked()).isEmpty();
    assertThat(database.ask("select count(*) from rate_shares")).isEqualTo("0");
  }

  @Test
  void neverTriesAgainWhatAGatewayGaveUpOn() {
    provider.thenSay(504, "{}");
    assertThat(provided.buy(order(Duration.ofSeconds(60)))).isInstanceOf(NotBought.class);
    assertThat(provider.asked()).hasSize(1);
    assertThat(ledger()).isEqualTo("unknown provider_silent 3");
  }

  @Test
  void countsVectorsWithoutTheirUsageAtTheEstimate() {
    provider.thenSay(
        200,
        "{\"data\": [{\"index\": 0, \"embedding\": \"%s\"}]}"
            .formatted(ScriptedProvider.base64(ScriptedProvider.vector("words"))));
    assertThat(provided.buy(order(Duration.ofSeconds(60))))
        .isInstanceOfSatisfying(
            Bought.class,
            bought ->
                assertThat(bought.settlement()).isEqualTo(Settlement.paid("ok", 3, 60, null)));
  }

  @Test
  void neverTriesAgainWhatMayHaveBeenPaid() {
    provider.thenHangUp();
    assertThat(provided.buy(order(Duration.ofSeconds(60)))).isInstanceOf(NotBought.class);
    assertThat(provider.asked()).hasSize(1);
    assertThat(ledger()).isEqualTo("unknown provider_silent 3");
  }

  @Test
  void leavesALongerWaitToTheBuyer() {
    provider.thenRefuse(429, "slow_down", "retry-after", "7");
    assertThat(provided.buy(order(Duration.ofSeconds(60)))).isInstanceOf(NotBought.class);
    assertThat(provider.asked()).hasSize(1);
  }

  @Test
  void countsAMalformedAnswerAtWhatItSaysItUsed() {
    provider.thenSay(200, "{\"data\": [], \"usage\": {\"prompt_tokens\": 12}}");
    assertThat(provided.buy(order(Duration.ofSeconds(60)))).isInstanceOf(NotBought.class);
    assertThat(ledger()).isEqualTo("settled bad_vectors 12");
  }

  @Test
  void countsAnUnreadableAnswerAtItsEstimate() {
    provider.thenSay(200, "nonsense");
    assertThat(provided.buy(order(Duration.ofSeconds(60)))).isInstanceOf(NotBought.class);
    assertThat(ledger()).isEqualTo("unknown unreadable_answer 3");
  }

  private EmbeddingOrder order(Duration remaining) {
    return new EmbeddingOrder(
        userId, null, null, "search", List.of("words"), 3, () -> remaining, Duration.ZERO);
  }

  private String ledger() {
    return String.valueOf(
        database.ask(
            """
            select string_agg(concat(state, ' ', coalesce(outcome, 'null'), ' ', tokens), ', '
                              order by started_at)
            from provider_calls
            where user_id = ?
            """,
            userId));
  }
}
