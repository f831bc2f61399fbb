package dev.sluice.cli.bench;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.cli.bench.Lines.Line;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The section of docs/benchmarks.md on growth, its plot, and its figures as JSON.
 *
 * @param buffers none if the part was left out; as {@code memory}
 * @param latency of each embedding answer
 */
record GrowthReport(
    List<BufferTime> buffers,
    List<ChunkMemory> memory,
    Optional<PdfCourse> pdf,
    Duration latency,
    Machine machine,
    Instant takenAt) {

  /** What the steps of the benchmarks' DocumentCourse are called for people. */
  private static final Map<String, String> TITLES = titles();

  /** It lists as many documents as there are, so it grows until there are fifty. */
  private static final String LIST = "list";

  private static Map<String, String> titles() {
    Map<String, String> titles = new LinkedHashMap<>();
    titles.put("claim", "Claim a job");
    titles.put("transition", "Move a job on");
    titles.put("write", "Write 250 chunks");
    titles.put("plan", "Plan the batches of 250");
    titles.put("claim_batch", "Claim a batch");
    titles.put("no_batch_open", "Find no batch open");
    titles.put("completeness", "Check completeness");
    titles.put("progress", "GET /jobs/ID");
    titles.put(LIST, "GET /jobs");
    return titles;
  }

  String section() {
    return """
    ## Growth

    `./sluice bench growth` on %s.
    """
            .formatted(machine.inWords(takenAt))
        + (buffers.isEmpty() ? "" : buffersPart())
        + (memory.isEmpty() ? "" : memoryPart())
        + pdf.map(this::pdfPart).orElse("")
        + """

        How throughput grows with the number of embed functions is in
        [reliability.md](reliability.md), from `./sluice bench limits`.
        """;
  }

  private String buffersPart() {
    List<Integer> sizes = sizes();
    return """

    The functions' own statements, as their roles behind row-level security, while the chunk buffer holds other
    documents of the same tenant, 1,000 chunks each. The median of %d documents of 250 chunks, in ms, and of the last
    column their spread:

    | | %s | Last beside first | Spread |
    |---|%s---:|---:|
    %s
    ![Growth](benchmarks/growth.svg)

    `GET /jobs` lists 50 documents at most and counts the chunks of each that is not purged: it grows until there are 50. What
    this does not show: a vector buffer of that size (see Vectors), other sessions at the same time, and a buffer larger
    than memory.
    """
        .formatted(
            buffers.getFirst().milliseconds().size(),
            sizes.stream().map(rows -> line("%,d rows", rows)).collect(Collectors.joining(" | ")),
            "---:|".repeat(sizes.size()),
            steps().stream().map(this::bufferRow).collect(Collectors.joining()));
  }

  private List<Integer> sizes() {
    return buffers.stream().map(BufferTime::rows).distinct().toList();
  }

  private List<String> steps() {
    return buffers.stream().map(BufferTime::step).distinct().toList();
  }

  private List<BufferTime> of(String step) {
    return buffers.stream().filter(time -> time.step().equals(step)).toList();
  }

  private static double growth(List<BufferTime> times) {
    return times.getLast().median() / times.getFirst().median();
  }

  private String bufferRow(String step) {
    List<BufferTime> times = of(step);
    return line(
        "| %s | %s | %.2f × | %.0f %% |\n",
        TITLES.getOrDefault(step, step),
        times.stream().map(time -> line("%.2f", time.median())).collect(Collectors.joining(" | ")),
        growth(times),
        100 * Statistics.spread(times.getLast().milliseconds()));
  }

  private String memoryPart() {
    return """

    One Markdown document after another through the chunk function, a process with the template's %,d MB and a heap of
    85 %% of it. The peak is what the process had resident until then, so it never falls; a heap that is allowed to grow
    is not cleared early. The time runs from the claim to the last chunk stored.

    | Markdown | Chunks | Time | Peak memory | Invocations |
    |---:|---:|---:|---:|---:|
    %s\
    """
        .formatted(
            memory.getFirst().limitMegabytes(),
            memory.stream()
                .map(
                    one ->
                        line(
                            "| %d MB | %,d | %.1f s | %,d MB | %d |\n",
                            one.megabytes(),
                            one.chunks(),
                            one.seconds(),
                            one.peakMegabytes(),
                            one.invocations()))
                .collect(Collectors.joining()));
  }

  private String pdfPart(PdfCourse course) {
    return """

    A PDF of %.1f MB, %,d pages with a picture and a column of text each, through the whole pipeline: %,d chunks, %.1f s
    in all. Simulated are the parser, which reads the PDF on these cores and says nothing of LlamaParse's time, and the
    embedding provider, which takes %d ms an answer on top of its own work. Where the job stood:

    | | Time |
    |---|---:|
    %s\
    """
        .formatted(
            course.bytes() / 1e6,
            course.pages(),
            course.chunks(),
            course.seconds(),
            latency.toMillis(),
            course.places().stream()
                .filter(place -> !place.place().equals(PlaceTime.CALL))
                .map(place -> line("| `%s` | %.2f s |\n", place.place(), place.median()))
                .collect(Collectors.joining()));
  }

  /** Beside the smallest buffer. */
  String plot() {
    return Lines.svg(
        "Time of each step beside its time at the smallest buffer",
        sizes().stream().map(rows -> line("%,d rows", rows)).toList(),
        steps().stream()
            .filter(step -> !step.equals(LIST))
            .map(
                step ->
                    new Line(
                        TITLES.getOrDefault(step, step),
                        of(step).stream()
                            .map(time -> time.median() / of(step).getFirst().median())
                            .toList()))
            .toList());
  }

  ObjectNode figures() {
    ObjectNode json = machine.figures(GrowthBench.NAME, takenAt);
    ObjectNode ratios = json.putObject("ratios");
    for (String step : steps()) {
      ratios.put(step + "_growth", growth(of(step)));
    }
    for (ChunkMemory one : memory) {
      ratios.put(
          "memory_of_limit_at_" + one.megabytes() + "_mb",
          (double) one.peakMegabytes() / one.limitMegabytes());
    }
    ArrayNode times = json.putArray("buffers");
    buffers.forEach(times::addPOJO);
    ArrayNode chunked = json.putArray("memory");
    memory.forEach(chunked::addPOJO);
    pdf.ifPresent(course -> json.putPOJO("pdf", course));
    return json;
  }

  private static String line(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
