package dev.sluice.api;

import dev.sluice.document.EmbeddingModel;
import dev.sluice.embedding.BuyEmbeddings;
import dev.sluice.embedding.EmbeddingOrder;
import dev.sluice.embedding.EmbeddingPurchase.Bought;
import dev.sluice.embedding.EmbeddingPurchase.NotBought;
import dev.sluice.postgres.ProviderCalls;
import dev.sluice.postgres.Transactions;
import io.micronaut.core.type.Argument;
import io.micronaut.serde.ObjectMapper;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the passages nearest to some words in meaning; when the words get no vector, those that
 * have the words.
 */
@Singleton
final class SearchDocuments {
  private static final Logger LOG = LoggerFactory.getLogger(SearchDocuments.class);
  private static final EmbeddingModel MODEL = EmbeddingModel.DEFAULT;

  /** The gateway hangs up after 30 s. */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** A person waits: by words at once is better than by vector later. */
  private static final Duration WAIT_FOR_TURN = Duration.ofSeconds(1);

  private final BuyEmbeddings provider;
  private final ProviderCalls calls;
  private final PassageRepository passages;
  private final Transactions transactions;
  private final ObjectMapper json;
  private final Clock clock;

  SearchDocuments(
      BuyEmbeddings provider,
      ProviderCalls calls,
      PassageRepository passages,
      Transactions transactions,
      ObjectMapper json,
      Clock clock) {
    this.provider = provider;
    this.calls = calls;
    this.passages = passages;
    this.transactions = transactions;
    this.json = json;
    this.clock = clock;
  }

  SearchAnswer search(Caller caller, SearchQuestion question) {
    int topK = question.checkedTopK();
    var words = question.checkedQuery();
    return switch (provider.buy(order(caller, words))) {
      case Bought(var callId, var vectors, var settlement) -> {
        calls.settle(caller.userId(), callId, settlement);
        yield nearest(caller, question, Arrays.toString(vectors.getFirst()), topK);
      }
      case NotBought(var failure) -> {
        LOG.warn(
            "No vector for a search, which goes by words: {}: {}",
            failure.code(),
            failure.message());
        yield withWords(caller, question, words, topK, failure.code());
      }
    };
  }

  private SearchAnswer nearest(Caller caller, SearchQuestion question, String vector, int topK) {
    var found =
        transactions.asTenant(
            caller.userId(),
            connection ->
                passages.nearest(
                    vector, MODEL.name(), MODEL.version(), question.documentId(), topK));
    return new SearchAnswer("vector", null, found.stream().map(this::passage).toList());
  }

  /** The documents are there, whatever the provider does. */
  private SearchAnswer withWords(
      Caller caller, SearchQuestion question, String words, int topK, String reason) {
    var found =
        transactions.asTenant(
            caller.userId(), connection -> passages.withWords(words, question.documentId(), topK));
    return new SearchAnswer("full_text", reason, found.stream().map(this::passage).toList());
  }

  private EmbeddingOrder order(Caller caller, String words) {
    var until = clock.instant().plus(PATIENCE);
    return new EmbeddingOrder(
        caller.userId(),
        null,
        null,
        "search",
        List.of(words),
        tokensAtMost(words),
        () -> Duration.between(clock.instant(), until),
        WAIT_FOR_TURN);
  }

  /** A token has at least one byte; the provider's own count replaces this. */
  private static long tokensAtMost(String words) {
    return words.getBytes(StandardCharsets.UTF_8).length;
  }

  private SearchAnswer.Passage passage(PassageView view) {
    return new SearchAnswer.Passage(
        view.documentId(),
        view.filename(),
        view.chunkId(),
        view.page(),
        view.section(),
        headings(view),
        view.score(),
        view.text());
  }

  private List<String> headings(PassageView view) {
    try {
      return view.headingPath() == null
          ? List.of()
          : json.readValue(view.headingPath(), Argument.listOf(String.class));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
