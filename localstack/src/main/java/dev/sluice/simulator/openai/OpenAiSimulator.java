package dev.sluice.simulator.openai;

import dev.sluice.simulator.fault.Fault;
import dev.sluice.simulator.fault.FaultyAnswer;
import dev.sluice.simulator.fault.Operation;
import dev.sluice.simulator.http.HttpFront;
import dev.sluice.simulator.http.Reply;
import dev.sluice.simulator.http.Request;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.LongAdder;

/**
 * The embeddings API of OpenAI over real HTTP: {@code POST /v1/embeddings} and {@code GET
 * /v1/models}.
 */
public final class OpenAiSimulator implements AutoCloseable {
  /** The provider's limits, as PROVIDERS.md gives them. */
  private static final int MOST_TOKENS_PER_INPUT = 8_192;

  private static final int MOST_TOKENS_PER_REQUEST = 300_000;
  private static final int MOST_BODY_BYTES = 32 << 20;

  private final OpenAiOptions options;
  private final RateLimits limits;
  private final FaultyAnswer faulty;
  private final Tokens tokens = new Tokens();
  private final Map<Model, Embedder> embedders = new LinkedHashMap<>();
  private final LongAdder embeddingsRequests = new LongAdder();
  private final LongAdder texts = new LongAdder();
  private final LongAdder tokensCharged = new LongAdder();
  private final HttpFront front;

  private OpenAiSimulator(OpenAiOptions options) throws IOException {
    this.options = options;
    this.limits = new RateLimits(options.limits(), options.clock());
    Model.all().forEach(model -> embedders.put(model, new Embedder(model.dimensions(), tokens)));
    this.faulty = new FaultyAnswer(options.faults(), ToldError::of);
    this.front = HttpFront.start(options.port(), options.behaviour(), this::answer);
  }

  public static OpenAiSimulator start(OpenAiOptions options) throws IOException {
    return new OpenAiSimulator(options);
  }

  /** The address to give to a client, without {@code /v1}. */
  public URI baseUrl() {
    return front.baseUrl();
  }

  /** What was asked of it since the start. */
  public Counters counters() {
    return new Counters(
        front.requests(), embeddingsRequests.sum(), texts.sum(), tokensCharged.sum());
  }

  /**
   * Counts since the start.
   *
   * @param requests all requests, answered well or not
   * @param embeddings embeddings requests that were answered with vectors
   * @param texts texts embedded
   * @param tokens tokens charged
   */
  public record Counters(long requests, long embeddings, long texts, long tokens) {}

  /** What the account may ask of each model in a minute, by the model's name. */
  public Map<String, MinuteLimits> limits() {
    return limits.byModel();
  }

  /**
   * Sets one model's limits, of which nothing is used yet.
   *
   * @throws IllegalArgumentException if there is no such model
   */
  public void limit(String model, MinuteLimits minute) {
    limits.set(
        Model.named(model)
            .orElseThrow(() -> new IllegalArgumentException("there is no model " + model)),
        minute);
  }

  @Override
  public void close() {
    front.close();
  }

  private Reply answer(Request request) throws IOException {
    long begun = System.nanoTime();
    Reply reply =
        request.target().equals("POST /v1/embeddings")
            ? faulty.to(Operation.EMBEDDINGS, fault -> answer(request, fault))
            : answer(request, Fault.NONE);
    return limited(reply)
        .with("x-request-id", "req_" + UUID.randomUUID().toString().replace("-", ""))
        .with("openai-version", "2020-10-01")
        .with(
            "openai-processing-ms",
            Long.toString(Duration.ofNanos(System.nanoTime() - begun).toMillis()));
  }

  private Reply answer(Request request, Fault fault) throws IOException {
    try {
      authenticate(request);
      return route(request, fault);
    } catch (OpenAiError e) {
      return e.reply();
    }
  }

  /** An answer that is about no model tells the limits of the first. */
  private Reply limited(Reply reply) {
    return reply.headers().containsKey("x-ratelimit-limit-requests")
        ? reply
        : limits.describeOn(reply, Model.all().getFirst());
  }

  private void authenticate(Request request) throws OpenAiError {
    String key = request.bearer().orElseThrow(OpenAiError::noKey);
    if (!options.apiKeys().contains(key)) {
      throw OpenAiError.wrongKey();
    }
  }

  private Reply route(Request request, Fault fault) throws OpenAiError, IOException {
    return switch (request.target()) {
      case "POST /v1/embeddings" -> embeddings(request, fault);
      case "GET /v1/models" -> models();
      default -> throw OpenAiError.unknownPath(request.target());
    };
  }

  private Reply embeddings(Request request, Fault fault) throws OpenAiError, IOException {
    EmbeddingsRequest asked = EmbeddingsRequest.read(request.bodyBytes(MOST_BODY_BYTES), tokens);
    return limits.describeOn(embed(asked, fault), asked.model());
  }

  private Reply embed(EmbeddingsRequest asked, Fault fault) throws IOException {
    try {
      int count = countTokens(asked.inputs());
      limits.take(asked.model(), count);
      Reply reply = EmbeddingsReply.write(asked, vectors(asked, fault), count);
      embeddingsRequests.increment();
      texts.add(asked.inputs().size());
      tokensCharged.add(count);
      return reply;
    } catch (OpenAiError e) {
      return e.reply();
    }
  }

  private List<Embedding> vectors(EmbeddingsRequest asked, Fault fault) {
    Embedder embedder = Objects.requireNonNull(embedders.get(asked.model()));
    List<Embedding> vectors = new ArrayList<>();
    for (String text : asked.inputs()) {
      vectors.add(new Embedding(vectors.size(), embedder.embed(text, asked.dimensions())));
    }
    return SpoiltVectors.spoil(vectors, fault);
  }

  private int countTokens(List<String> inputs) throws OpenAiError {
    int total = 0;
    for (int i = 0; i < inputs.size(); i++) {
      int count = tokens.count(inputs.get(i));
      if (count > MOST_TOKENS_PER_INPUT) {
        throw OpenAiError.invalid(
            "input",
            "Invalid 'input[%d]': maximum input length is %d tokens, got %d."
                .formatted(i, MOST_TOKENS_PER_INPUT, count));
      }
      total += count;
    }
    if (total > MOST_TOKENS_PER_REQUEST) {
      throw OpenAiError.tooManyTokensInRequest(total, MOST_TOKENS_PER_REQUEST);
    }
    return total;
  }

  private static Reply models() {
    List<Map<String, Object>> data =
        Model.all().stream()
            .map(
                model ->
                    Map.<String, Object>of(
                        "id",
                        model.id(),
                        "object",
                        "model",
                        "created",
                        1_705_948_997,
                        "owned_by",
                        "system"))
            .toList();
    return Reply.json(200, Map.of("object", "list", "data", data));
  }
}
