package dev.sluice.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.localstack.fault.Fault;
import dev.sluice.pipeline.Clouds;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * A dozen cells of the crash matrix, the same each time: of each stage one step killed and one
 * broken. {@code ./sluice test --crash} has all of them.
 */
@Tag("e2e")
class CrashSampleTest {
  private static final List<String> STAGES =
      List.of("parse", "webhook", "validate", "chunk", "embed", "finalize");

  private static CrashCloud cloud;

  @BeforeAll
  static void start() throws Exception {
    cloud = CrashCloud.start(CrashMatrix.STATE, Clouds.ROOT.resolve("template.yaml"), Map.of());
  }

  @AfterAll
  static void stop() throws Exception {
    if (cloud != null) {
      cloud.close();
    }
  }

  @TestFactory
  Stream<DynamicTest> theDocumentEndsAsIfNothingHadHappened() throws Exception {
    var documents = new DocumentScenario(cloud);
    var unused = documents.record(Sample.LONG);
    unused = documents.record(Sample.SHORT);
    var boundaries = documents.record(Sample.LONG);
    var cells = CrashMatrix.cells(List.of(), boundaries, STAGES::contains);
    return STAGES.stream()
        .flatMap(stage -> sample(cells, stage))
        .map(cell -> DynamicTest.dynamicTest(cell.name(), () -> check(documents, cell)));
  }

  /** One in the first half of the stage's work, one in the second. */
  private static Stream<Cell> sample(List<Cell> cells, String stage) {
    return Stream.of(at(cells, stage, Fault.KILL, 1), at(cells, stage, Fault.BREAK, 2));
  }

  private static Cell at(List<Cell> cells, String stage, Fault fault, int third) {
    var own =
        cells.stream()
            .filter(cell -> cell.function().equals(stage) && cell.fault() == fault)
            .filter(cell -> !isOfLambda(cell.step()))
            .toList();
    return own.get(own.size() * third / 3);
  }

  /** Broken there, a process hangs until its timeout, which is real time. */
  private static boolean isOfLambda(String step) {
    return step.equals("received") || step.equals("acknowledgement");
  }

  private static void check(DocumentScenario documents, Cell cell) throws Exception {
    assertThat(documents.run(cell).violations()).as(cell.name()).isEmpty();
  }
}
