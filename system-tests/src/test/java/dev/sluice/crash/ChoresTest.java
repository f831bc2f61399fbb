package dev.sluice.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.pipeline.Clouds;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * Every boundary of a sweep that has something to do: its process killed there, its step broken.
 */
@Tag("crash")
class ChoresTest {
  private static final List<CellResult> RESULTS = new ArrayList<>();

  private static CrashCloud cloud;
  private static ChoresScenario chores;

  @BeforeAll
  static void start() throws Exception {
    cloud = CrashCloud.start(CrashMatrix.STATE, Clouds.ROOT.resolve("template.yaml"), Map.of());
    chores = ChoresScenario.of(cloud);
  }

  @AfterAll
  static void stop() throws Exception {
    if (cloud != null) {
      cloud.close();
    }
    ReliabilityPage.writeMatrix("sweep, with something to do", RESULTS);
  }

  @TestFactory
  Stream<DynamicTest> theNextSweepDoesTheRest() throws Exception {
    var cells = new ArrayList<Cell>();
    for (var chore : Chore.values()) {
      cells.addAll(chores.record(chore));
    }
    return cells.stream().map(cell -> DynamicTest.dynamicTest(cell.name(), () -> check(cell)));
  }

  private static void check(Cell cell) throws Exception {
    var result = chores.run(cell);
    RESULTS.add(result);
    assertThat(result.violations()).as(cell.name()).isEmpty();
  }
}
