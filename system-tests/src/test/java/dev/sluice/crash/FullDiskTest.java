package dev.sluice.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.localstack.fault.FunctionProcesses;
import dev.sluice.pipeline.Clouds;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Functions that keep a document in a temporary file, in processes whose files cannot grow. The
 * parser is uploaded to, since the parse function has such a file only then.
 */
@Tag("crash")
class FullDiskTest {
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final String FAILED_ONCE =
      "select 1 from upload_jobs where attempts > 0 and lease_token is null";
  private static final List<CellResult> RESULTS = new ArrayList<>();

  private static CrashCloud cloud;
  private static Evidence undisturbed;

  @BeforeAll
  static void start() throws Exception {
    cloud =
        CrashCloud.start(
            CrashMatrix.STATE,
            Clouds.ROOT.resolve("template.yaml"),
            Map.of("parse", Map.of("LLAMAPARSE_SUBMIT", "upload")));
    var documents = new DocumentScenario(cloud);
    var unused = documents.record(Sample.LONG);
    undisturbed = documents.undisturbed(Sample.LONG);
  }

  @AfterAll
  static void stop() throws Exception {
    if (cloud != null) {
      cloud.close();
    }
    ReliabilityPage.writeOutages(
        "A full disk",
        """
        No file of the function's processes can grow until an attempt has failed: a limit of the
        operating system, which fails where a full disk does.
        """,
        RESULTS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"parse", "chunk"})
  void whatCouldNotBeWrittenIsTriedAgain(String function) throws Exception {
    limitFiles(function, "0");
    try {
      var result =
          new Outages(cloud, undisturbed, 1)
              .endure(
                  function,
                  "no file can grow",
                  0,
                  time -> {
                    time.until(PATIENCE, FullDiskTest::hasFailedOnce);
                    assertThat(hasFailedOnce()).isTrue();
                    limitFiles(function, "unlimited");
                  });
      RESULTS.add(result);
      assertThat(result.violations()).isEmpty();
      assertThat(Files.readString(CrashMatrix.STATE.resolve("logs").resolve(function + ".log")))
          .contains("disk_full");
    } finally {
      limitFiles(function, "unlimited");
    }
  }

  private static boolean hasFailedOnce() throws SQLException {
    return !cloud.ask(FAILED_ONCE).isEmpty();
  }

  private static void limitFiles(String function, String bytes)
      throws IOException, InterruptedException {
    for (var process : FunctionProcesses.of(function)) {
      var limit =
          new ProcessBuilder(
                  "prlimit", "--pid", String.valueOf(process.pid()), "--fsize=" + bytes + ":")
              .inheritIO()
              .start();
      assertThat(limit.waitFor()).isZero();
    }
  }
}
