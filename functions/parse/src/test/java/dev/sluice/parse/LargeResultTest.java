package dev.sluice.parse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.document.JobRef;
import dev.sluice.document.StoragePath;
import dev.sluice.message.ParseMessage;
import io.micronaut.serde.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A result that is larger than what the function may hold. */
@Tag("servers")
class LargeResultTest {
  private static final int PAGES = 600;
  private static final String PAGE = "Water is covered. ".repeat(5_826);
  private static final String JOB =
      "{\"id\": \"pjb-1\", \"status\": \"%s\", \"user_metadata\": {}}";

  private static ParseFunction function;

  @TempDir private Path directory;

  @BeforeAll
  static void start() throws Exception {
    function = new ParseFunction();
  }

  @AfterAll
  static void stop() throws Exception {
    function.close();
  }

  /** As text in memory it would be the whole heap, and the function has to live in it too. */
  @Test
  void bringsSixtyMegabytesIntoStorageWithAHeapOfSixtyFour() throws Exception {
    var job = completed(new ScriptedParser.Pages(PAGES, PAGE, true));

    assertThat(deliverInHeapOf("64m", job)).isZero();

    assertThat(function.job(job, "status || (progress ->> 'pages')")).isEqualTo("parsed" + PAGES);
    var text = String.valueOf(function.object(StoragePath.parserResult(job)));
    assertThat(text).hasSizeGreaterThan(60 << 20);
    assertThat(text.substring(0, 40)).startsWith("<!-- page 1 -->\n\nWater");
    assertThat(text.substring(text.indexOf("<!-- page 600 -->"))).hasSize(PAGE.length() + 21);
  }

  @Test
  void leavesNothingOfAResultThatBreaksOff() throws Exception {
    var job = completed(new ScriptedParser.Pages(200, PAGE, false));

    assertThat(function.deliver(new ParseMessage(ParseMessage.Kind.COLLECT, job, 0, "c-1")))
        .hasSize(1);

    assertThat(function.job(job, "status || wait_reason"))
        .isEqualTo("parse_queuedparse_result_unavailable");
    assertThat(function.object(StoragePath.parserResult(job))).isNull();
    assertThat(function.unfinishedUploads()).isEmpty();
  }

  @Test
  void forgetsThePartsThatADeadFunctionLeft() throws Exception {
    var job = completed(new ScriptedParser.Pages(100, PAGE, true));
    function.beginUpload(StoragePath.parserResult(job));

    assertThat(function.deliver(new ParseMessage(ParseMessage.Kind.COLLECT, job, 0, "c-1")))
        .isEmpty();

    assertThat(function.unfinishedUploads()).isEmpty();
  }

  /** The client asks again then, and S3 has two uploads of which the function knows one. */
  @Test
  void forgetsAnUploadWhoseBeginningWasAnsweredToNobody() throws Exception {
    var job = completed(new ScriptedParser.Pages(0, PAGE, true));
    function.parser.onResult(
        "pjb-1",
        new ScriptedParser.Pages(
            200, PAGE, true, () -> function.beginUpload(StoragePath.parserResult(job))));

    assertThat(function.deliver(new ParseMessage(ParseMessage.Kind.COLLECT, job, 0, "c-1")))
        .isEmpty();

    assertThat(function.object(StoragePath.parserResult(job))).hasSizeGreaterThan(20 << 20);
    assertThat(function.unfinishedUploads()).isEmpty();
  }

  private static JobRef completed(ScriptedParser.Pages pages) throws Exception {
    function.parser.reset();
    function.forgetLimits();
    var pdf = ("%PDF-1.7 " + UUID.randomUUID()).getBytes(StandardCharsets.UTF_8);
    var job = function.upload(ParseFunction.USER, UUID.randomUUID(), 1, "application/pdf", pdf);
    function.parser.onSubmit(200, JOB.formatted("PENDING"));
    assertThat(function.deliverUpload(job)).isEmpty();
    function.parser.onGet("pjb-1", 200, JOB.formatted("COMPLETED"));
    function.parser.onResult("pjb-1", pages);
    return job;
  }

  private int deliverInHeapOf(String heap, JobRef job) throws Exception {
    var message = new ParseMessage(ParseMessage.Kind.COLLECT, job, 0, "c-1");
    var command = new ArrayList<>(List.of(java(), "-Xmx" + heap, "-XX:+UseSerialGC"));
    System.getProperties()
        .forEach(
            (name, value) -> {
              if (String.valueOf(name).matches("[A-Z_]+|aws\\..*")) {
                command.add("-D" + name + "=" + value);
              }
            });
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            OneDelivery.class.getName(),
            ObjectMapper.getDefault().writeValueAsString(message)));
    var process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("log").toFile())
            .start();
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    return process.exitValue();
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }
}
