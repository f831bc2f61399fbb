package dev.sluice.crash;

import dev.sluice.localstack.fault.Boundary;
import dev.sluice.localstack.fault.Fault;
import dev.sluice.localstack.fault.FaultPlan;
import dev.sluice.localstack.fault.FunctionProcesses;
import dev.sluice.samples.SampleDocuments;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Runs cells in one long-lived cloud. Each cell's document belongs to a tenant of its own, since
 * nothing is reused across tenants; its text is that of the undisturbed run, so that the rows can
 * be compared one by one.
 */
final class CrashMatrix implements AutoCloseable {
  /** The promise: whatever died, the document is done in less. */
  static final Duration LONGEST_RECOVERY = Duration.ofMinutes(5);

  private static final Duration PATIENCE = Duration.ofMinutes(20);

  /** Enough for two embedding batches of at most 256 texts. */
  private static final int SENTENCES = 140;

  private static final Map<String, Map<String, String>> SMALL_CHUNKS =
      Map.of("chunk", Map.of("CHUNK_TARGET_TOKENS", "16", "CHUNK_OVERLAP_TOKENS", "0"));

  private static final byte[] DOCUMENT = SampleDocuments.numbered("Barge", SENTENCES);

  final CrashCloud cloud;
  private final SweepScenario sweep;
  private final Evidence undisturbed;
  private final List<Cell> cells;

  private CrashMatrix(
      CrashCloud cloud, SweepScenario sweep, Evidence undisturbed, List<Cell> cells) {
    this.cloud = cloud;
    this.sweep = sweep;
    this.undisturbed = undisturbed;
    this.cells = cells;
  }

  /** Starts the cloud and reads the boundaries off undisturbed runs, cold and warm. */
  static CrashMatrix start(Path state) throws Exception {
    return start(state, dev.sluice.pipeline.Clouds.ROOT.resolve("template.yaml"));
  }

  static CrashMatrix start(Path state, Path template) throws Exception {
    var cloud = CrashCloud.start(state, template, SMALL_CHUNKS);
    try {
      var sweep = new SweepScenario(cloud);
      var first = run(cloud, FaultPlan.NONE);
      var cold = cloud.faults.trace();
      var second = run(cloud, FaultPlan.NONE);
      var warm = cloud.faults.trace();
      var differences = second.evidence.differences(first.evidence);
      if (!differences.isEmpty()) {
        throw new AssertionError("two undisturbed runs differ: " + differences);
      }
      var cells = new ArrayList<>(cells(cold, warm, name -> !name.equals("sweep")));
      var idle = sweep.record();
      cells.addAll(cells(cold, idle, name -> name.equals("sweep")));
      return new CrashMatrix(cloud, sweep, second.evidence, List.copyOf(cells));
    } catch (Exception | AssertionError e) {
      cloud.close();
      throw e;
    }
  }

  private interface Wanted {
    boolean is(String function);
  }

  /** In the order of the functions, a process's start first. */
  private static List<Cell> cells(List<Boundary> cold, List<Boundary> warm, Wanted wanted) {
    var all = new LinkedHashSet<Cell>();
    var known = new HashSet<String>();
    warm.forEach(boundary -> known.add(boundary.function() + boundary.name()));
    for (var function : CrashCloud.FUNCTIONS.keySet()) {
      if (wanted.is(function)) {
        cold.stream()
            .filter(boundary -> boundary.function().equals(function))
            .filter(boundary -> isOfStart(boundary.step()))
            .filter(boundary -> !known.contains(function + boundary.name()))
            .forEach(boundary -> add(all, boundary, true));
        warm.stream()
            .filter(boundary -> boundary.function().equals(function))
            .forEach(boundary -> add(all, boundary, false));
      }
    }
    return List.copyOf(all);
  }

  private static boolean isOfStart(String step) {
    return step.startsWith("secrets ") || step.equals("postgres session");
  }

  private static void add(LinkedHashSet<Cell> cells, Boundary boundary, boolean cold) {
    cells.add(Cell.of(boundary, Fault.KILL, cold));
    cells.add(Cell.of(boundary, Fault.BREAK, cold));
  }

  List<Cell> cells() {
    return cells;
  }

  /** What a run has shown. */
  private record Run(UUID job, String status, Instant finished, Evidence evidence) {}

  private static Run run(CrashCloud cloud, FaultPlan plan) throws Exception {
    cloud.faults.begin(plan);
    var client = new Client(cloud);
    var recovery = new Recovery(cloud);
    var created = client.upload(unique());
    var job = UUID.fromString(created.path("job_id").asText());
    var status = recovery.finish(job, PATIENCE);
    var finished = cloud.clock.instant();
    if (status.equals("complete")) {
      var unused = client.job(created);
      unused = client.search("Which barge has sentence 7?");
    }
    recovery.drain(PATIENCE);
    return new Run(job, status, finished, Evidence.of(cloud, client.user));
  }

  /** Other bytes with the same text: what follows a PDF's end is a comment to its readers. */
  static byte[] unique() {
    var bytes = new ByteArrayOutputStream();
    bytes.writeBytes(DOCUMENT);
    bytes.writeBytes(("\n% " + UUID.randomUUID()).getBytes(StandardCharsets.US_ASCII));
    return bytes.toByteArray();
  }

  CellResult run(Cell cell) throws Exception {
    return cell.function().equals("sweep") ? sweep.run(cell, undisturbed) : runDocument(cell);
  }

  private CellResult runDocument(Cell cell) throws Exception {
    if (cell.cold()) {
      FunctionProcesses.kill(cell.function());
    }
    var struck = new AtomicReference<Instant>();
    var plan = cell.plan();
    var run =
        run(
            cloud,
            boundary -> {
              var fault = plan.at(boundary);
              if (fault != Fault.PASS) {
                struck.set(cloud.clock.instant());
              }
              return fault;
            });
    return judge(cell, struck.get(), run.finished, run.status, run.evidence);
  }

  private CellResult judge(
      Cell cell, Instant struck, Instant finished, String status, Evidence evidence)
      throws Exception {
    return new Verdict(cloud, undisturbed).on(cell, struck, finished, status, evidence);
  }

  @Override
  public void close() throws Exception {
    cloud.close();
  }
}
