package dev.sluice.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.localstack.fault.Boundary.Side;
import dev.sluice.localstack.fault.Fault;
import dev.sluice.localstack.fault.FaultPlan;
import dev.sluice.pipeline.Clouds;
import dev.sluice.pipeline.Pipeline;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Sockets that hang and memory that ends, in functions with less of both time and memory. */
@Tag("crash")
class MachineTest {
  private static final Duration PATIENCE = Duration.ofMinutes(40);
  private static final int TIMEOUT_SECONDS = 30;
  private static final List<CellResult> RESULTS = new ArrayList<>();

  private static CrashMatrix matrix;

  @BeforeAll
  static void start() throws Exception {
    matrix =
        CrashMatrix.start(
            CrashMatrix.STATE,
            template(CrashMatrix.STATE.resolveSibling("crash-machine.yaml")),
            Map.of());
  }

  /**
   * Timeouts of 30 s, in which the providers' longest calls just fit, and 128 MB for the validate
   * function, which holds a text as a whole.
   */
  private static Path template(Path copy) throws IOException {
    var text =
        Files.readString(Clouds.ROOT.resolve("template.yaml"))
            .replaceAll("(?m)^( +)Timeout: \\d+", "$1Timeout: " + TIMEOUT_SECONDS)
            .replaceFirst("(?s)(ValidateFunction:.*?MemorySize:) 1024", "$1 128")
            .replace("CodeUri: ", "CodeUri: " + Clouds.ROOT + "/");
    return Files.writeString(copy, text);
  }

  @AfterAll
  static void stop() throws Exception {
    if (matrix != null) {
      matrix.close();
    }
    ReliabilityPage.writeOutages(
        "Hanging sockets, memory",
        "Functions have a timeout of 30 s here, and the validate function has 128 MB.",
        RESULTS);
  }

  /** One hanging connection of each kind in each function: the timeout ends the process. */
  @TestFactory
  Stream<DynamicTest> aConnectionThatHangsEndsWithTheInvocation() {
    var seen = new TreeSet<String>();
    return matrix.cells().stream()
        .filter(cell -> cell.side() == Side.BEFORE && cell.fault() == Fault.BREAK && !cell.cold())
        .filter(cell -> !cell.function().equals("sweep") && cell.act().isEmpty())
        .filter(cell -> seen.add(cell.function() + " " + cell.step().split(" ", 2)[0]))
        .map(
            cell ->
                new Cell(
                    cell.function(),
                    cell.step(),
                    cell.occurrence(),
                    cell.side(),
                    Fault.HANG,
                    false,
                    ""))
        .map(cell -> DynamicTest.dynamicTest(cell.name(), () -> check(cell)));
  }

  private static void check(Cell cell) throws Exception {
    var result = matrix.run(cell);
    RESULTS.add(
        new CellResult(
            cell.function(),
            cell.function() + ", " + result.boundary(),
            "hang",
            result.outcome(),
            result.recovery(),
            result.paidTwice(),
            result.violations()));
    assertThat(result.violations()).as(cell.name()).isEmpty();
  }

  @Test
  void aDocumentThatExhaustsTheMemoryFailsWithAReasonAndTheNextOneCompletes() throws Exception {
    var cloud = matrix.cloud;
    cloud.faults.begin(FaultPlan.NONE);
    var user = UUID.randomUUID();
    var pipeline = new Pipeline(cloud.cloud, user);
    var text = "The barge is longer than the lock, and nobody has measured the lock. \n\n";
    var bytes = text.repeat(700_000).getBytes(StandardCharsets.UTF_8);
    var created = pipeline.upload("long.md", "text/markdown", bytes);
    var job = UUID.fromString(created.path("job_id").asText());
    var recovery = new Recovery(cloud);
    var began = cloud.clock.instant();
    var status = recovery.finish(job, PATIENCE);
    var took = Duration.between(began, cloud.clock.instant());
    recovery.drain(PATIENCE);
    var error = pipeline.job(created).path("error");

    assertThat(status).isEqualTo("failed_parse");
    assertThat(error.path("code").asText()).isEqualTo("attempts_exhausted");
    assertThat(cloud.messages()).containsExactly(Map.entry("sluice-validate-dead", 1));
    cloud.sqs().purgeQueue(r -> r.queueUrl(cloud.url("sluice-validate-dead")));
    RESULTS.add(
        new CellResult(
            "validate",
            "validate",
            "out of memory, each time",
            status + " (" + error.path("code").asText() + "), message in the dead-letter queue",
            took,
            false,
            List.of()));
  }
}
