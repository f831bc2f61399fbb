package dev.sluice.cli.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.sluice.cli.api.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.stream.StreamSupport;

/**
 * The section of docs/benchmarks.md that sets the earlier system's figures beside ours, taken from
 * the figures that the latest runs have left.
 *
 * @param growth of {@code ./sluice bench growth}; missing if it has not run
 * @param pipeline of {@code ./sluice bench pipeline}; missing if it has not run
 */
record EarlierReport(JsonNode growth, JsonNode pipeline) {
  private static final String TITLE = "Beside the earlier system";
  private static final String NONE = "not measured";
  private static final List<String> PARSING = List.of("uploaded", "parse_queued");

  /** Writes the section anew from what lies in benchmarks/results. */
  static void write(BenchmarkPage page) throws IOException {
    EarlierReport report =
        new EarlierReport(read(page, GrowthBench.NAME), read(page, PipelineBench.NAME));
    page.section(TITLE, report.section());
  }

  private static JsonNode read(BenchmarkPage page, String name) throws IOException {
    var file = page.results(name);
    return Files.exists(file) ? Json.MAPPER.readTree(file.toFile()) : MissingNode.getInstance();
  }

  String section() {
    return """
    ## %s

    Its figures are targets that it was tested for against mocks, on a machine that is not known. Ours are from the
    runs of `growth` (%s) and LangChain4j's from that of `pipeline` (%s).

    | | Earlier system | Sluice | LangChain4j | What is compared |
    |---|---:|---:|---:|---|
    | A state transition | < 10 ms | %s | none | the update, its event and the commit, at the largest buffer measured |
    | Parsing 25 MB | < 30 s | %s | none | a PDF; the simulated parser reads it here, which says nothing of LlamaParse |
    | 1,000 chunks | < 5 s | %s | %s | ours splits, counts exactly and stores, C1 only as on Lambda; LangChain4j splits |
    | 256 vectors | < 10 s | %s | %s | the simulated provider's call and the storing |
    | 25 MB in all | < 3 min | %s | none | the same PDF, from announcement to search |
    | Overhead of the buffers | < 20 %% | %s | none | our share of the time for checking and promoting what the buffers hold |
    """
        .formatted(
            TITLE,
            taken(growth),
            taken(pipeline),
            transition(),
            parsing(),
            seconds(pdf("chunking") * 1_000 / growth.at("/pdf/chunks").asDouble()),
            seconds(pipeline.at("/peer/seconds_for_1000_chunks").asDouble()),
            seconds(growth.at("/pdf/batchSeconds").asDouble()),
            seconds(pipeline.at("/peer/seconds_for_256_vectors").asDouble()),
            seconds(growth.at("/pdf/seconds").asDouble()),
            overhead());
  }

  private static String taken(JsonNode figures) {
    return figures.isMissingNode() ? NONE : figures.path("taken_at").asText().substring(0, 10);
  }

  private String transition() {
    return StreamSupport.stream(growth.path("buffers").spliterator(), false)
        .filter(time -> time.path("step").asText().equals("transition"))
        .reduce((first, last) -> last)
        .map(time -> format("%.1f ms", Statistics.median(milliseconds(time))))
        .orElse(NONE);
  }

  private static List<Double> milliseconds(JsonNode time) {
    return StreamSupport.stream(time.path("milliseconds").spliterator(), false)
        .map(JsonNode::asDouble)
        .toList();
  }

  private String parsing() {
    return seconds(PARSING.stream().mapToDouble(this::pdf).sum());
  }

  private String overhead() {
    double all = growth.at("/pdf/seconds").asDouble();
    return all == 0 ? NONE : format("%.0f %%", 100 * pdf("embeddings_stored") / all);
  }

  /** For how long the PDF's job stood there, in seconds; 0 if it was not measured. */
  private double pdf(String place) {
    return StreamSupport.stream(growth.at("/pdf/places").spliterator(), false)
        .filter(one -> one.path("place").asText().equals(place))
        .mapToDouble(one -> one.path("median").asDouble())
        .sum();
  }

  private static String seconds(double time) {
    return time > 0 && Double.isFinite(time) ? format("%.2f s", time) : NONE;
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
