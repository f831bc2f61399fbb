package dev.sluice.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** The part of the crash matrix that is today's: each day another, a few cells of each function. */
@Tag("crash")
class CrashMatrixPartTest {
  private static final int CELLS_A_PART = 10;

  private static CrashMatrix matrix;

  @BeforeAll
  static void start() throws Exception {
    matrix = CrashMatrix.start();
  }

  @AfterAll
  static void stop() throws Exception {
    if (matrix != null) {
      matrix.close();
    }
  }

  @TestFactory
  Stream<DynamicTest> theDocumentEndsAsIfNothingHadHappened() {
    int parts = Math.ceilDiv(matrix.cells().size(), CELLS_A_PART);
    int part = part(parts);
    System.out.printf(
        "Crash matrix: part %d of %d; ./sluice test --crash runs all %d cells.%n",
        part + 1, parts, matrix.cells().size());
    return part(part, parts).stream()
        .map(cell -> DynamicTest.dynamicTest(cell.name(), () -> check(cell)));
  }

  /** By the day, or as {@code -Dsluice.crash.part} says, from 1. */
  private static int part(int parts) {
    long today = LocalDate.now(ZoneOffset.UTC).toEpochDay();
    return Math.floorMod(Long.getLong("sluice.crash.part", today) - 1, parts);
  }

  private static List<Cell> part(int part, int parts) {
    var cells = new ArrayList<Cell>();
    for (int i = part; i < matrix.cells().size(); i += parts) {
      cells.add(matrix.cells().get(i));
    }
    return cells;
  }

  private static void check(Cell cell) throws Exception {
    assertThat(matrix.run(cell).violations()).as(cell.name()).isEmpty();
  }
}
