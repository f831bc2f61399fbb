package dev.sluice.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** Every boundary of every function: the process killed there, and the step broken there. */
@Tag("crash")
class CrashMatrixTest {
  private static CrashMatrix matrix;

  @BeforeAll
  static void start() throws Exception {
    matrix = CrashMatrix.startTrained();
  }

  @AfterAll
  static void stop() throws Exception {
    if (matrix != null) {
      matrix.close();
    }
  }

  /** All functions, or those that {@code -Dsluice.crash.functions=chunk,embed} names. */
  @TestFactory
  Stream<DynamicContainer> theDocumentEndsAsIfNothingHadHappened() {
    var wanted = Set.of(System.getProperty("sluice.crash.functions", "").split(","));
    return CrashCloud.FUNCTIONS.keySet().stream()
        .filter(function -> wanted.contains("") || wanted.contains(function))
        .map(CrashMatrixTest::cells);
  }

  private static DynamicContainer cells(String function) {
    var results = new ArrayList<CellResult>();
    var cells =
        matrix.cells().stream()
            .filter(cell -> cell.function().equals(function))
            .map(cell -> DynamicTest.dynamicTest(cell.name(), () -> check(cell, results)));
    var page =
        DynamicTest.dynamicTest(
            function + " is written down", () -> ReliabilityPage.writeMatrix(function, results));
    return DynamicContainer.dynamicContainer(function, Stream.concat(cells, Stream.of(page)));
  }

  private static void check(Cell cell, List<CellResult> results) throws Exception {
    var result = matrix.run(cell);
    results.add(result);
    assertThat(result.violations()).as(cell.name()).isEmpty();
  }
}
