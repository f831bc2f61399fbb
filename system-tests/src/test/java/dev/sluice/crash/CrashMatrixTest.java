package dev.sluice.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** Every boundary of every function: the process killed there, and the step broken there. */
@Tag("crash")
class CrashMatrixTest {
  private static final List<CellResult> RESULTS = Collections.synchronizedList(new ArrayList<>());
  private static CrashMatrix matrix;

  @BeforeAll
  static void start() throws Exception {
    matrix = CrashMatrix.start(Path.of("target", "crash").toAbsolutePath());
  }

  @AfterAll
  static void stop() throws Exception {
    if (matrix != null) {
      matrix.close();
    }
    ReliabilityPage.write(
        "The crash matrix",
        """
        A boundary is the place before a request leaves a function, or after its answer has come and
        before the function sees it; of a transaction it is its COMMIT. The boundaries were read off
        an undisturbed run. *kill* is SIGKILL for the function's process, *break* a reset of the
        connection, so that the step throws. After each, the document's rows, objects, messages and
        paid calls were compared with those of an undisturbed run.
        """,
        RESULTS);
  }

  @TestFactory
  Stream<DynamicTest> theDocumentEndsAsIfNothingHadHappened() {
    return matrix.cells().stream()
        .map(cell -> DynamicTest.dynamicTest(cell.name(), () -> check(cell)));
  }

  private static void check(Cell cell) throws Exception {
    var result = matrix.run(cell);
    RESULTS.add(result);
    assertThat(result.violations()).as(cell.name()).isEmpty();
  }
}
