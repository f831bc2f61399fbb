package dev.sluice.cli.bench;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.cli.bench.Bars.Bar;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * The section of docs/benchmarks.md on the whole pipeline, its plot, and its figures as JSON.
 *
 * @param threads of LangChain4j in its second row
 * @param bytes of a round's documents
 * @param places where the jobs stood, of all counted rounds
 */
record PipelineReport(
    PipelineSettings settings,
    int threads,
    long bytes,
    List<PipelineRound> rounds,
    List<PlaceTime> places,
    Peers peers,
    Machine machine,
    Instant takenAt) {

  /** Versions. */
  record Peers(String langChain4j, String pgvector) {}

  String section() {
    return """
    ## Pipeline

    `./sluice bench pipeline` on %s: %d Markdown documents of mixed size, %.1f MB in all, from the
    first upload to the last one searchable. The embedding provider is simulated and takes %d ms for each answer on top
    of its own work. Sluice runs as `./sluice up` does, every function a warm process of its own; LangChain4j %s
    in one warm process: `EmbeddingStoreIngestor`, recursive splitter, `OpenAiEmbeddingModel` with 256 texts a request
    and vectors in base64, `PgVectorEmbeddingStore` %s with pooled sessions. Same texts, token target, provider and
    database server; %d rounds with new texts in each, in turn. Ratio above 1: Sluice is faster.

    | | Median | Spread | Chunks | Sluice beside it |
    |---|---:|---:|---:|---:|
    %s
    ![Pipeline](benchmarks/pipeline.svg)

    While Sluice's rounds ran, %s. Where its jobs stood, and each call of the provider with the storing of its vectors:

    | | Median | 95th percentile | Longest |
    |---|---:|---:|---:|
    %s
    What this does not show: Sluice receives each document, stores it, checks and normalises it, keeps chunks and
    vectors twice until they are complete, and can be killed anywhere; LangChain4j reads files and loses what was not
    written when its process ends. All of it, provider, queues and object store of the local cloud included, shares
    these cores; on AWS they would not, and calls between them would take longer.
    """
        .formatted(
            machine.inWords(takenAt),
            settings.documents(),
            bytes / 1e6,
            settings.latency().toMillis(),
            peers.langChain4j(),
            peers.pgvector(),
            rounds.size(),
            row("Sluice", PipelineRound::ours, PipelineRound::chunks)
                + row(
                    "LangChain4j, one after the other",
                    round -> round.oneByOne().seconds(),
                    round -> round.oneByOne().segments())
                + row(
                    "LangChain4j, " + threads + " threads",
                    round -> round.threads().seconds(),
                    round -> round.threads().segments()),
            busy(),
            places.stream().map(PipelineReport::row).collect(Collectors.joining()));
  }

  private String row(
      String title, ToDoubleFunction<PipelineRound> time, ToDoubleFunction<PipelineRound> chunks) {
    return line(
        "| %s | %.2f s | %.0f %% | %,.0f | %.2f × |",
        title,
        median(time),
        100 * Statistics.spread(all(time)),
        median(chunks),
        median(time) / median(PipelineRound::ours));
  }

  private static String row(PlaceTime time) {
    String place =
        time.place().equals(PlaceTime.CALL) ? "Call of the provider" : "`" + time.place() + "`";
    return line(
        "| %s | %.3f s | %.3f s | %.3f s |", place, time.median(), time.p95(), time.largest());
  }

  private String busy() {
    double share = median(PipelineRound::busy);
    return share == 0
        ? "it is not known how busy the cores were"
        : line("%.0f %% of the cores were busy", 100 * share).strip();
  }

  String plot() {
    return Bars.svg(
        settings.documents() + " Markdown documents, from upload to search",
        "s",
        List.of(
            new Bar("Sluice", median(PipelineRound::ours)),
            new Bar(
                "LangChain4j, one after the other", median(round -> round.oneByOne().seconds())),
            new Bar(
                "LangChain4j, " + threads + " threads",
                median(round -> round.threads().seconds()))));
  }

  ObjectNode figures() {
    ObjectNode json = machine.figures(PipelineBench.NAME, takenAt);
    json.putPOJO("libraries", peers);
    json.put("documents", settings.documents()).put("bytes", bytes);
    json.put("latency_ms", settings.latency().toMillis()).put("threads", threads);
    ObjectNode ratios = json.putObject("ratios");
    double ours = median(PipelineRound::ours);
    ratios.put("langChain4j_one_by_one", median(round -> round.oneByOne().seconds()) / ours);
    ratios.put("langChain4j_threads", median(round -> round.threads().seconds()) / ours);
    json.putObject("peer")
        .put("seconds_for_1000_chunks", peer(PeerIngest.Result::splitting, 1_000))
        .put("seconds_for_256_vectors", peer(result -> result.embedding() + result.storing(), 256));
    ArrayNode all = json.putArray("rounds");
    rounds.forEach(all::addPOJO);
    ArrayNode stays = json.putArray("places");
    places.forEach(stays::addPOJO);
    return json;
  }

  /** What so many segments cost the peer in one thread, in seconds. */
  private double peer(ToDoubleFunction<PeerIngest.Result> part, int segments) {
    return median(
        round -> segments * part.applyAsDouble(round.oneByOne()) / round.oneByOne().segments());
  }

  private List<Double> all(ToDoubleFunction<PipelineRound> figure) {
    return rounds.stream().mapToDouble(figure).boxed().toList();
  }

  private double median(ToDoubleFunction<PipelineRound> figure) {
    return Statistics.median(all(figure));
  }

  private static String line(String format, Object... values) {
    return String.format(Locale.ROOT, format, values) + "\n";
  }
}
