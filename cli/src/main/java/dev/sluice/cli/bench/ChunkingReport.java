package dev.sluice.cli.bench;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.cli.bench.Bars.Bar;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The section of docs/benchmarks.md on chunking, its plot, and its figures as JSON. */
record ChunkingReport(
    List<Measurement> measurements, Splitters names, Machine machine, Instant takenAt) {
  static final List<String> CLASSES =
      List.of("SplitterBenchmark", "GrowthBenchmark", "HostileBenchmark");

  /** The peers, with their versions. */
  record Splitters(String langChain4j, String springAi, String jtokkit) {}

  String section() {
    return """
    ## Chunking

    `./sluice bench chunking` on %s. Each figure is the median of its iterations;
    the spread is largest less smallest over median. Machines differ: read the ratios.

    1 MB of Markdown, 512 tokens a chunk, overlap 64 where there is one, one thread:

    | | MB/s | Spread | Sluice beside it |
    |---|---:|---:|---:|
    %s
    ![Chunking](benchmarks/chunking.svg)

    The same text made longer, read as it is cut, in a heap of 2 GB that holds the text too:

    | Text | Time | MB/s | Spread |
    |---:|---:|---:|---:|
    %s
    Texts that nobody writes but somebody uploads, beside jtokkit's counting of the same text:

    | Text | Sluice | jtokkit | Sluice takes |
    |---|---:|---:|---:|
    %s
    What this does not show: real documents, whose words differ (a cache of pieces has its worst case in text where
    no word comes twice); the first document of a cold process; reading from S3 and writing to PostgreSQL. The peers
    cut at other places: LangChain4j by paragraphs, lines, sentences and words, Spring AI by token count and
    punctuation, without overlap; neither knows Markdown or says what a chunk's tokens are. jtokkit cuts nothing.
    """
        .formatted(machine.inWords(takenAt), splitterRows(), growthRows(), hostileRows());
  }

  String plot() {
    return Bars.svg(
        "Chunking, one thread: MB of Markdown a second",
        "MB/s",
        List.of(
            new Bar("Sluice, exact token counts", speed("sluice")),
            new Bar("jtokkit, counting alone", speed("jtokkit")),
            new Bar("LangChain4j, recursive", speed("langChain4j")),
            new Bar("Spring AI, TokenTextSplitter", speed("springAi"))));
  }

  ObjectNode figures() {
    ObjectNode json = machine.figures("chunking", takenAt);
    json.putPOJO("libraries", names);
    ObjectNode ratios = json.putObject("ratios");
    for (String peer : List.of("jtokkit", "langChain4j", "springAi")) {
      ratios.put(peer, speed("sluice") / speed(peer));
    }
    ArrayNode all = json.putArray("measurements");
    measurements.forEach(all::addPOJO);
    return json;
  }

  private String splitterRows() {
    return splitterRow("Sluice, exact token counts", "sluice")
        + splitterRow("jtokkit " + names.jtokkit() + ", counting alone", "jtokkit")
        + splitterRow("LangChain4j " + names.langChain4j() + ", recursive splitter", "langChain4j")
        + splitterRow("Spring AI " + names.springAi() + ", TokenTextSplitter", "springAi");
  }

  private String splitterRow(String title, String method) {
    return line(
        "| %s | %.1f | %.0f %% | %.1f × |",
        title, speed(method), 100 * splitter(method).spread(), speed("sluice") / speed(method));
  }

  private String growthRows() {
    return of("GrowthBenchmark.chunk").stream()
        .map(
            one ->
                line(
                    "| %s MB | %,.0f ms | %.1f | %.0f %% |",
                    one.parameter(),
                    one.median(),
                    1_000 * Double.parseDouble(one.parameter()) / one.median(),
                    100 * one.spread()))
        .collect(Collectors.joining());
  }

  private String hostileRows() {
    return of("HostileBenchmark.sluice").stream()
        .map(this::hostileRow)
        .collect(Collectors.joining());
  }

  private String hostileRow(Measurement ours) {
    String title = ours.parameter().toLowerCase(Locale.ROOT).replace('_', ' ');
    double theirs =
        of("HostileBenchmark.jtokkit").stream()
            .filter(one -> one.parameter().equals(ours.parameter()))
            .findFirst()
            .orElseThrow()
            .median();
    return line(
        "| %s | %,.0f ms | %,.0f ms | %.1f × as long |",
        title, ours.median(), theirs, ours.median() / theirs);
  }

  /** Of 1 MB, in MB a second. */
  private double speed(String method) {
    return 1_000 / splitter(method).median();
  }

  private Measurement splitter(String method) {
    return of("SplitterBenchmark." + method).getFirst();
  }

  private List<Measurement> of(String name) {
    return measurements.stream().filter(one -> one.name().equals(name)).toList();
  }

  private static String line(String format, Object... values) {
    return String.format(Locale.ROOT, format, values) + "\n";
  }
}
