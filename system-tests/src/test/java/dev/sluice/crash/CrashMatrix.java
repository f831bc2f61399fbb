package dev.sluice.crash;

import dev.sluice.localstack.fault.Boundary;
import dev.sluice.localstack.fault.Fault;
import dev.sluice.pipeline.Clouds;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
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

  /** What fails is delivered a dozen times until SQS sets it aside, each time in the same way. */
  private static final int OFTEN = 3;

  private static final Map<String, Map<String, String>> SMALL_CHUNKS =
      Map.of("chunk", Map.of("CHUNK_TARGET_TOKENS", "16", "CHUNK_OVERLAP_TOKENS", "0"));

  final CrashCloud cloud;
  final SweepScenario sweep;
  final ActsScenario acts;
  private final DocumentScenario documents;
  private final List<Cell> cells;

  private CrashMatrix(
      CrashCloud cloud,
      SweepScenario sweep,
      ActsScenario acts,
      DocumentScenario documents,
      List<Cell> cells) {
    this.cloud = cloud;
    this.sweep = sweep;
    this.acts = acts;
    this.documents = documents;
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
      var documents = new DocumentScenario(cloud);
      var sweep = new SweepScenario(cloud);
      var cold = documents.record(Sample.LONG);
      var warm = documents.record(Sample.LONG);
      var cells = new ArrayList<>(cells(cold, warm, name -> !name.equals("sweep")));
      var unused = documents.record(Sample.SHORT);
      cells.addAll(cells(cold, sweep.record(), name -> name.equals("sweep")));
      var acts = new ActsScenario(cloud, sweep);
      for (var act : Act.values()) {
        cells.addAll(cells(act, acts.record(act), cells));
      }
      for (var sample : Sample.special().toList()) {
        var own =
            documents.record(sample).stream()
                .filter(boundary -> boundary.function().equals(sample.function()))
                .filter(boundary -> boundary.occurrence() <= OFTEN);
        cells.addAll(cells(sample.word(), own.toList(), cells));
      }
      return new CrashMatrix(cloud, sweep, acts, documents, List.copyOf(cells));
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

  interface Wanted {
    boolean is(String function);
  }

  /**
   * In the order of the functions, a process's start first; a process may have been new in the
   * second run as well.
   */
  static List<Cell> cells(List<Boundary> cold, List<Boundary> warm, Wanted wanted) {
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

  /** What the document leaves when nothing goes wrong. */
  Evidence undisturbed(Sample sample) {
    return documents.undisturbed(sample);
  }

  CellResult run(Cell cell) throws Exception {
    if (Act.is(cell.act())) {
      return acts.run(cell);
    }
    return cell.function().equals("sweep")
        ? sweep.run(cell, undisturbed(Sample.SHORT))
        : documents.run(cell);
  }

  @Override
  public void close() throws Exception {
    cloud.close();
  }
}
