package dev.sluice.crash;

import dev.sluice.localstack.fault.Boundary;
import dev.sluice.localstack.fault.Fault;
import dev.sluice.localstack.fault.FaultPlan;
import dev.sluice.localstack.fault.FunctionProcesses;
import dev.sluice.pipeline.Clouds;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/**
 * Runs cells in one long-lived cloud. Each cell's document belongs to a tenant of its own, since
 * nothing is reused across tenants; its text is that of the undisturbed run, so that the rows can
 * be compared one by one.
 */
final class CrashMatrix implements AutoCloseable {
  /** The promise: whatever died, the document is done in less. */
  static final Duration LONGEST_RECOVERY = Duration.ofMinutes(5);

  /** One folder for all: a start finds the class archives that another one has left. */
  static final Path STATE = Path.of("target", "crash").toAbsolutePath();

  private static final Duration PATIENCE = Duration.ofMinutes(20);

  private static final Map<String, Map<String, String>> SMALL_CHUNKS =
      Map.of("chunk", Map.of("CHUNK_TARGET_TOKENS", "16", "CHUNK_OVERLAP_TOKENS", "0"));

  final CrashCloud cloud;
  private final SweepScenario sweep;
  private final ActsScenario acts;
  private final Map<Sample, Evidence> undisturbed;
  private final List<Cell> cells;

  private CrashMatrix(
      CrashCloud cloud,
      SweepScenario sweep,
      ActsScenario acts,
      Map<Sample, Evidence> undisturbed,
      List<Cell> cells) {
    this.cloud = cloud;
    this.sweep = sweep;
    this.acts = acts;
    this.undisturbed = undisturbed;
    this.cells = cells;
  }

  /** Starts the cloud and reads the boundaries off undisturbed runs, cold and warm. */
  static CrashMatrix start() throws Exception {
    return start(STATE, Clouds.ROOT.resolve("template.yaml"), Map.of());
  }

  /**
   * @param more environment of single functions
   */
  static CrashMatrix start(Path state, Path template, Map<String, Map<String, String>> more)
      throws Exception {
    var environment = new TreeMap<>(SMALL_CHUNKS);
    environment.putAll(more);
    var cloud = CrashCloud.start(state, template, environment);
    try {
      var sweep = new SweepScenario(cloud);
      var first = undisturbed(cloud, Sample.LONG);
      var cold = cloud.faults.trace();
      var second = undisturbed(cloud, Sample.LONG);
      var warm = cloud.faults.trace();
      var differences = second.differences(first);
      if (!differences.isEmpty()) {
        throw new AssertionError("two undisturbed runs differ: " + differences);
      }
      var cells = new ArrayList<>(cells(cold, warm, name -> !name.equals("sweep")));
      var shorter = undisturbed(cloud, Sample.SHORT);
      var idle = sweep.record();
      cells.addAll(cells(cold, idle, name -> name.equals("sweep")));
      var acts = new ActsScenario(cloud, sweep);
      for (var act : Act.values()) {
        cells.addAll(cells(act, acts.record(act), cells));
      }
      var padded = undisturbed(cloud, Sample.PADDED);
      var parts =
          cloud.faults.trace().stream().filter(boundary -> !boundary.function().equals("sweep"));
      cells.addAll(cells(Cell.PARTS, parts.toList(), cells));
      var undisturbed = new EnumMap<Sample, Evidence>(Sample.class);
      undisturbed.put(Sample.SHORT, shorter);
      undisturbed.put(Sample.LONG, second);
      undisturbed.put(Sample.PADDED, padded);
      return new CrashMatrix(cloud, sweep, acts, undisturbed, List.copyOf(cells));
    } catch (Exception | AssertionError e) {
      cloud.close();
      throw e;
    }
  }

  /**
   * As {@link #start()}, after a run that lets every function's process end in order and write its
   * class archive: a killed process is then back in a third of the time, some hundred times.
   */
  static CrashMatrix startTrained() throws Exception {
    if (!CrashCloud.hasClassArchives(STATE)) {
      try (var training = start()) {
        var unused = training.cloud.sweep();
      }
    }
    return start();
  }

  private interface Wanted {
    boolean is(String function);
  }

  /**
   * In the order of the functions, a process's start first; a process may have been new in the
   * second run as well.
   */
  private static List<Cell> cells(List<Boundary> cold, List<Boundary> warm, Wanted wanted) {
    var all = new LinkedHashSet<Cell>();
    for (var function : CrashCloud.FUNCTIONS.keySet()) {
      if (wanted.is(function)) {
        Stream.concat(cold.stream(), warm.stream())
            .filter(boundary -> boundary.function().equals(function))
            .filter(boundary -> isOfStart(boundary.step()))
            .forEach(boundary -> add(all, boundary, true, ""));
        warm.stream()
            .filter(boundary -> boundary.function().equals(function))
            .filter(boundary -> !isOfStart(boundary.step()))
            .forEach(boundary -> add(all, boundary, false, ""));
      }
    }
    return List.copyOf(all);
  }

  /** Of the sweep only the boundaries that an ordinary one has not. */
  private static List<Cell> cells(Act act, List<Boundary> boundaries, List<Cell> ordinary) {
    return cells(act.word(), boundaries, act == Act.DROP ? ordinary : List.of());
  }

  private static List<Cell> cells(String act, List<Boundary> boundaries, List<Cell> known) {
    var others = Set.copyOf(known);
    var all = new LinkedHashSet<Cell>();
    boundaries.stream()
        .filter(boundary -> !isOfStart(boundary.step()))
        .filter(boundary -> !others.contains(Cell.of(boundary, Fault.KILL, false, "")))
        .forEach(boundary -> add(all, boundary, false, act));
    if (all.isEmpty()) {
      throw new AssertionError(act + " passes no boundary of its own");
    }
    return List.copyOf(all);
  }

  private static boolean isOfStart(String step) {
    return step.startsWith("secrets ") || step.equals("postgres session");
  }

  private static void add(LinkedHashSet<Cell> cells, Boundary boundary, boolean cold, String act) {
    cells.add(Cell.of(boundary, Fault.KILL, cold, act));
    cells.add(Cell.of(boundary, Fault.BREAK, cold, act));
  }

  List<Cell> cells() {
    return cells;
  }

  private static Ended run(CrashCloud cloud, Sample sample, FaultPlan plan, int mostUnmade)
      throws Exception {
    cloud.faults.begin(plan);
    var before = Charges.of(cloud);
    var client = new Client(cloud);
    var recovery = new Recovery(cloud);
    var created = client.upload(sample);
    var job = UUID.fromString(created.path("job_id").asText());
    var status = recovery.finish(job, PATIENCE);
    var finished = cloud.clock.instant();
    if (status.equals("complete")) {
      var unused = client.job(created);
      unused = client.search("Which barge has sentence 7?");
    }
    recovery.drain(PATIENCE);
    var evidence = Evidence.of(cloud, client.user);
    var charged = Charges.of(cloud).since(before);
    return new Ended(
        status, finished, evidence, charged.differences(List.of(evidence), mostUnmade));
  }

  /** What the document leaves in this cloud when nothing goes wrong. */
  static Evidence undisturbed(CrashCloud cloud, Sample sample) throws Exception {
    var ended = run(cloud, sample, FaultPlan.NONE, 0);
    if (!ended.status().equals("complete") || !ended.unbooked().isEmpty()) {
      throw new AssertionError(
          "undisturbed, the document is " + ended.status() + "; " + ended.unbooked());
    }
    return ended.evidence();
  }

  /** The same in the matrix' own cloud. */
  Evidence undisturbed(Sample sample) {
    return Objects.requireNonNull(undisturbed.get(sample));
  }

  CellResult run(Cell cell) throws Exception {
    if (!cell.act().isEmpty() && !cell.act().equals(Cell.PARTS)) {
      return acts.run(cell);
    }
    return cell.function().equals("sweep")
        ? sweep.run(cell, undisturbed(Sample.SHORT))
        : runDocument(cell);
  }

  private CellResult runDocument(Cell cell) throws Exception {
    if (cell.cold()) {
      FunctionProcesses.kill(cell.function());
    }
    var sample = Sample.of(cell);
    var struck = new AtomicReference<Instant>();
    var plan = cell.plan();
    var ended =
        run(
            cloud,
            sample,
            boundary -> {
              var fault = plan.at(boundary);
              if (fault != Fault.PASS) {
                struck.set(cloud.clock.instant());
              }
              return fault;
            },
            Verdict.MOST_UNMADE);
    return new Verdict(cloud, undisturbed(sample), "complete").on(cell, struck.get(), ended);
  }

  @Override
  public void close() throws Exception {
    cloud.close();
  }
}
