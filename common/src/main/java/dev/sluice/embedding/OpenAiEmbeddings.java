package dev.sluice.embedding;

import dev.sluice.document.EmbeddingModel;
import dev.sluice.embedding.EmbeddingAnswer.Malformed;
import dev.sluice.embedding.EmbeddingAnswer.Unanswered;
import dev.sluice.embedding.EmbeddingAnswer.Unavailable;
import dev.sluice.secrets.Secrets;
import io.micronaut.context.annotation.Property;
import io.micronaut.context.annotation.Requires;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.client.exceptions.HttpClientException;
import io.micronaut.http.client.exceptions.HttpClientResponseException;
import io.micronaut.http.client.exceptions.NoHostException;
import jakarta.inject.Singleton;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One call to the provider; whatever happens, an {@link EmbeddingExchange} comes back. */
@Singleton
@Requires(property = "sluice.openai-secret")
final class OpenAiEmbeddings {
  private static final EmbeddingModel MODEL = EmbeddingModel.DEFAULT;

  /** A new key works within so long, everywhere, without a deployment. */
  private static final Duration KEYS_AGE = Duration.ofMinutes(2);

  private final EmbeddingsApi api;
  private final Secrets secrets;
  private final String secretId;
  private final Refusals refusals;
  private final VectorDecoder decoder = new VectorDecoder(MODEL.dimensions());

  OpenAiEmbeddings(
      EmbeddingsApi api,
      Secrets secrets,
      @Property(name = "sluice.openai-secret") String secretId,
      Clock clock) {
    this.api = api;
    this.secrets = secrets;
    this.secretId = secretId;
    this.refusals = new Refusals(clock);
  }

  EmbeddingExchange embed(List<String> texts) {
    try {
      var response = api.embed("Bearer " + key(), request(texts));
      return new EmbeddingExchange(
          read(response, texts.size()), RateHeaders.of(response.getHeaders()));
    } catch (HttpClientResponseException e) {
      return new EmbeddingExchange(refusal(e), RateHeaders.of(e.getResponse().getHeaders()));
    } catch (HttpClientException e) {
      return new EmbeddingExchange(silence(e), RateHeaders.NONE);
    }
  }

  private static EmbeddingsRequest request(List<String> texts) {
    return new EmbeddingsRequest(MODEL.name(), texts, "base64", MODEL.dimensions());
  }

  private String key() {
    return Objects.requireNonNull(secrets.getRecent(secretId, KEYS_AGE).get("api_key"), "api_key");
  }

  private EmbeddingAnswer read(HttpResponse<EmbeddingsReply> response, int texts) {
    int status = response.code();
    if (status >= 300) {
      // Micronaut's client gives 404 as an answer without a body instead of throwing it.
      return refusals.of(status, null, response.getHeaders());
    }
    var reply = response.body();
    return reply == null
        ? new Malformed("empty_answer", "The embedding provider's answer is empty.", 0)
        : decoder.decode(reply, texts, response.getHeaders().get("x-request-id"));
  }

  private EmbeddingAnswer refusal(HttpClientResponseException e) {
    int status = e.code();
    if (status < 300) {
      return new Malformed("unreadable_answer", "The embedding provider's answer is no JSON.", 0);
    }
    return refusals.of(status, errorCode(e), e.getResponse().getHeaders());
  }

  private static @Nullable String errorCode(HttpClientResponseException e) {
    try {
      return e.getResponse().getBody(ErrorReply.class).map(ErrorReply::code).orElse(null);
    } catch (RuntimeException unreadable) {
      // A gateway before the provider may answer in HTML.
      return null;
    }
  }

  /** Only a call that certainly never reached the provider is certainly free. */
  private static EmbeddingAnswer silence(HttpClientException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof NoHostException
          || cause instanceof UnknownHostException
          || (cause instanceof SocketException socket && neverConnected(socket))) {
        return new Unavailable(
            "provider_unreachable", "The embedding provider could not be reached.");
      }
    }
    return new Unanswered("provider_silent", "The embedding provider did not answer.");
  }

  private static boolean neverConnected(SocketException e) {
    return e instanceof java.net.ConnectException || e instanceof java.net.NoRouteToHostException;
  }
}
