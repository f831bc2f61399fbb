package dev.sluice.cli.bench;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.cli.bench.Bars.Bar;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The section of docs/benchmarks.md on writing vectors, its plot, and its figures as JSON.
 *
 * @param times of every writer at every number of rows at a time, and with and without an index
 */
record VectorsReport(List<WriteTime> times, Peers peers, Machine machine, Instant takenAt) {
  /** As a share of the COPY into a table with the same constraints. */
  private static final double WANTED_OF_COPY = 0.6;

  /** As a multiple of a peer's store. */
  private static final double WANTED_OF_PEERS = 5;

  private static final String NO_INDEX = "index_absent";
  private static final String INDEX = "index_present";

  /** Versions. */
  record Peers(String langChain4j, String springAi) {}

  String section() {
    WriteTime ours = times.getFirst();
    return """
    ## Vectors

    `./sluice bench vectors` on %s: %,d vectors of 1,536 components into
    PostgreSQL with `fsync`, one session at a time, rounds in turn: %d, another writer first in each, into tables emptied
    before. Chunks, batches and vectors are there before the clock starts. Sluice's time is that of the embed function's
    store: the fence, the hash of each vector, the rows, the batch and the ledger's entry, committed. COPY is given the
    hashes. The stores are `PgVectorEmbeddingStore` %s and `PgVectorStore` %s without a vector index, each with
    pooled sessions, and with texts and metadata of the size of our other columns; they commit when they like, Sluice and
    COPY once for all rows of a time. The model that Spring AI's asks has its answers. Ratio above 1: Sluice is faster.

    | | Rows at a time | Rows/s | Spread | Sluice beside it | What the table enforces |
    |---|---:|---:|---:|---:|---|
    %s
    ![Vectors](benchmarks/vectors.svg)

    | Wanted | Came | |
    |---|---:|---|
    %s
    %s

    What this does not show: several sessions at once, a buffer that is larger than memory, and a network between function
    and database.
    """
        .formatted(
            machine.inWords(takenAt),
            ours.rows(),
            ours.seconds().size(),
            peers.langChain4j(),
            peers.springAi(),
            written().stream().map(this::row).collect(Collectors.joining()),
            wanted().stream().map(Wanted::row).collect(Collectors.joining()),
            index());
  }

  private List<WriteTime> written() {
    return Arrays.stream(VectorWriter.values()).flatMap(writer -> of(writer).stream()).toList();
  }

  private List<WriteTime> of(VectorWriter writer) {
    return times.stream().filter(time -> time.writer().equals(writer.key())).toList();
  }

  private String row(WriteTime time) {
    VectorWriter writer = writer(time);
    return format(
        "| %s | %,d | %,.0f | %.0f %% | %.2f × | %s |\n",
        writer.title(),
        time.rowsACommit(),
        time.rate(),
        100 * Statistics.spread(time.seconds()),
        ratio(time),
        writer.enforced());
  }

  private static VectorWriter writer(WriteTime time) {
    return VectorWriter.valueOf(time.writer().toUpperCase(Locale.ROOT));
  }

  /** How fast Sluice is beside it, with as many rows at a time. */
  private double ratio(WriteTime time) {
    return of(VectorWriter.SLUICE).stream()
            .filter(ours -> ours.rowsACommit() == time.rowsACommit())
            .findFirst()
            .orElseThrow()
            .rate()
        / time.rate();
  }

  /** What was aimed at, and whether it was reached. */
  private record Wanted(double least, WriteTime beside, double came) {
    private String row() {
      return format(
          "| at least %.1f × %s, %,d rows at a time | %.2f × | %s |\n",
          least,
          writer(beside).title(),
          beside.rowsACommit(),
          came,
          came >= least ? "reached" : "not reached");
    }
  }

  private List<Wanted> wanted() {
    List<Wanted> all = new ArrayList<>();
    for (WriteTime time : written()) {
      switch (writer(time)) {
        case COPY_CONSTRAINTS -> all.add(new Wanted(WANTED_OF_COPY, time, ratio(time)));
        case LANGCHAIN4J, SPRING_AI -> all.add(new Wanted(WANTED_OF_PEERS, time, ratio(time)));
        case SLUICE, COPY_KEY -> {}
      }
    }
    return all;
  }

  private String index() {
    WriteTime without = named(NO_INDEX);
    WriteTime with = named(INDEX);
    return format(
        "With an HNSW index (`vector_cosine_ops`) on the table with a primary key alone and %,d rows in it, a COPY of"
            + "\n%,d rows falls from %,.0f to %,.0f rows/s, to %.1f %% of what it was.",
        without.rows() * 5,
        without.rows(),
        without.rate(),
        with.rate(),
        100 * with.rate() / without.rate());
  }

  private WriteTime named(String name) {
    return times.stream().filter(time -> time.writer().equals(name)).findFirst().orElseThrow();
  }

  String plot() {
    return Bars.svg(
        "Vectors of 1,536 components: 1,000 rows a second",
        "k",
        written().stream()
            .map(
                time ->
                    new Bar(
                        format("%s, %,d", writer(time).title(), time.rowsACommit()),
                        time.rate() / 1_000))
            .toList());
  }

  ObjectNode figures() {
    ObjectNode json = machine.figures(VectorsBench.NAME, takenAt);
    json.putPOJO("libraries", peers);
    ObjectNode ratios = json.putObject("ratios");
    for (WriteTime time : written()) {
      if (writer(time) != VectorWriter.SLUICE) {
        ratios.put(time.writer() + "_" + time.rowsACommit(), ratio(time));
      }
    }
    ratios.put("with_hnsw_index", named(INDEX).rate() / named(NO_INDEX).rate());
    ObjectNode rates = json.putObject("rows_per_second");
    times.forEach(time -> rates.put(time.writer() + "_" + time.rowsACommit(), time.rate()));
    ArrayNode all = json.putArray("times");
    times.forEach(all::addPOJO);
    return json;
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
