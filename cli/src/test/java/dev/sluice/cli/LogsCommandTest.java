package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogsCommandTest {
  @TempDir Path folder;
  private Path logs;
  private Bench bench;

  @BeforeEach
  void start() throws IOException {
    bench = new Bench(folder);
    logs = Files.createDirectories(folder.resolve(".sluice/logs"));
  }

  @Test
  void mergesTheFunctionsInTheOrderOfTime() throws IOException {
    write("parse", line("06:00:01", "Parsed", "job-1"), line("06:00:04", "Parsed again", "job-2"));
    write("embed", line("06:00:03", "Embedded", "job-1"));
    write("api", line("06:00:00", "Accepted", "job-1"));
    write("build", "[INFO] not a function");
    write("cloud", "not a function either");

    assertThat(bench.run("logs")).isZero();

    assertThat(bench.out().lines().map(line -> line.replaceAll(" {2}.*$", "").substring(13)))
        .containsExactly("api", "parse", "embed", "parse");
    assertThat(bench.out()).contains("Accepted  outcome=advanced ms=12 job=job-1");
  }

  @Test
  void keepsLinesWithoutATimeBehindTheLineBeforeThem() throws IOException {
    write("parse", line("06:00:05", "First", "job-1"), "java.lang.OutOfMemoryError: heap");
    write("embed", line("06:00:06", "Later", "job-1"));

    assertThat(bench.run("logs")).isZero();

    assertThat(bench.out().indexOf("OutOfMemoryError"))
        .isBetween(bench.out().indexOf("First"), bench.out().indexOf("Later"));
  }

  @Test
  void followsOneJobThroughThePipeline() throws IOException {
    write("parse", line("06:00:01", "Parsed", "job-1"), line("06:00:02", "Parsed", "other"));
    write("embed", line("06:00:03", "Embedded", "job-1"));

    assertThat(bench.run("logs", "--job", "job-1")).isZero();

    assertThat(bench.out().lines()).hasSize(2).allMatch(line -> line.contains("job=job-1"));
  }

  @Test
  void showsOneFunction() throws IOException {
    write("parse", line("06:00:01", "Parsed", "job-1"));
    write("embed", line("06:00:03", "Embedded", "job-1"));

    assertThat(bench.run("logs", "embed")).isZero();

    assertThat(bench.out()).contains("Embedded").doesNotContain("Parsed");
  }

  @Test
  void showsWhatWasThrown() throws IOException {
    write(
        "embed",
        """
        {"timestamp":1795500000000,"level":"ERROR","formattedMessage":"Attempt 1 failed",\
        "mdc":{},"throwable":{"className":"java.net.ConnectException","message":"refused"}}""");

    assertThat(bench.run("logs")).isZero();

    assertThat(bench.out()).contains("ERROR Attempt 1 failed java.net.ConnectException: refused");
  }

  @Test
  void understandsOtherJsonAndHalfLines() throws IOException {
    write(
        "api",
        "{\"timestamp\":\"2026-11-24T06:00:00Z\",\"message\":\"plain\",\"job_id\":\"j\"}",
        "{\"timestamp\":\"yesterday\",\"message\":\"odd\"}",
        "{\"cut off");
    Files.writeString(logs.resolve("api.log"), "no end of line", StandardOpenOption.APPEND);

    assertThat(bench.run("logs")).isZero();

    assertThat(bench.out()).contains("plain  job=j", "odd", "{\"cut off").doesNotContain("no end");
  }

  @Test
  void saysWhenThereIsNothing() {
    assertThat(bench.run("logs")).isZero();
    assertThat(bench.run("logs", "--job", "nobody")).isZero();
    assertThat(bench.err()).contains("Nothing logged yet.").contains("Nothing logged for nobody.");
  }

  @Test
  void saysWhenAFunctionHasNoLog() {
    assertThat(bench.run("logs", "embedd")).isEqualTo(2);
    assertThat(bench.err()).contains("there is no log of embedd in " + logs);
  }

  @Test
  void readsAFileThatIsLargerThanOnePiece() throws IOException {
    String[] many = new String[2000];
    for (int i = 0; i < many.length; i++) {
      many[i] = line("06:00:01", "Line " + i + " ", "job-1");
    }
    write("embed", many);

    assertThat(bench.run("logs")).isZero();

    assertThat(bench.out().lines()).hasSize(2000).last().asString().contains("Line 1999 ");
  }

  private void write(String function, String... lines) throws IOException {
    Files.writeString(logs.resolve(function + ".log"), String.join("\n", lines) + "\n");
  }

  private static String line(String time, String message, String job) {
    long millis = Instant.parse("2026-11-24T" + time + "Z").toEpochMilli();
    return """
    {"timestamp":%d,"level":"INFO","formattedMessage":"%s",\
    "mdc":{"job_id":"%s","outcome":"advanced","duration_ms":"12"}}"""
        .formatted(millis, message, job);
  }
}
