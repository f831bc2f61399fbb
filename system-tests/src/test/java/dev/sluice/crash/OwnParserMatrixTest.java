package dev.sluice.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.pipeline.OwnParser;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** The two functions that deal with the parser, with one of one's own in LlamaParse's place. */
@Tag("crash")
class OwnParserMatrixTest {
  private static final Set<String> FUNCTIONS = Set.of("parse", "webhook");
  private static final String TEXT = "# The barge\n\n" + "The barge has a sentence.\n".repeat(40);
  private static final List<CellResult> RESULTS = new ArrayList<>();

  private static OwnParser parser;
  private static CrashCloud cloud;

  @BeforeAll
  static void start() throws Exception {
    parser = new OwnParser(bytes -> TEXT);
    cloud = CrashCloud.start(CrashMatrix.STATE, parser);
  }

  @AfterAll
  static void stop() throws Exception {
    if (cloud != null) {
      cloud.close();
    }
    parser.close();
    ReliabilityPage.writeMatrix("parse and webhook, with a parser of one's own", RESULTS);
  }

  @TestFactory
  Stream<DynamicTest> theDocumentEndsAsIfNothingHadHappened() throws Exception {
    var documents = new DocumentScenario(cloud);
    var cold = documents.record(Sample.SHORT);
    var warm = documents.record(Sample.SHORT);
    return CrashMatrix.cells(cold, warm, FUNCTIONS::contains).stream()
        .map(cell -> DynamicTest.dynamicTest(cell.name(), () -> check(documents, cell)));
  }

  private static void check(DocumentScenario documents, Cell cell) throws Exception {
    var result = documents.run(cell);
    RESULTS.add(result);
    assertThat(result.violations()).as(cell.name()).isEmpty();
  }
}
