package dev.sluice.parse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.sluice.document.JobRef;
import dev.sluice.document.PageMark;
import dev.sluice.document.StoragePath;
import dev.sluice.message.ParseMessage;
import dev.sluice.message.ParseMessage.Kind;
import dev.sluice.simulator.clock.Timer;
import dev.sluice.simulator.fault.FaultKind;
import dev.sluice.simulator.fault.FaultPlan;
import dev.sluice.simulator.fault.FaultRule;
import dev.sluice.simulator.fault.Faults;
import dev.sluice.simulator.fault.Operation;
import dev.sluice.simulator.llamaparse.LlamaParseOptions;
import dev.sluice.simulator.llamaparse.LlamaParseSimulator;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The function beside the parser's simulator, which holds it to the provider's protocol. */
@Tag("servers")
class ParserSimulatorTest {
  private static final Path POLICY = Path.of("../../localstack/samples/insurance-policy.pdf");

  @TempDir private Path directory;
  private final Faults faults = new Faults(Timer.REAL);
  private final BlockingQueue<Map<String, List<String>>> callbacks = new LinkedBlockingQueue<>();

  @Test
  void isServedByUrlAndFromTheParsersCacheByUploadAndToldWhatIsWrong() throws Exception {
    var inbox = inbox();
    try (var simulator =
            LlamaParseSimulator.start(
                LlamaParseOptions.defaults(directory.resolve("parser")).withFaults(faults));
        var function = new ParseFunction()) {
      System.setProperty(
          "WEBHOOK_URL", "http://127.0.0.1:" + inbox.getAddress().getPort() + "/webhooks");
      function.restart("LLAMAPARSE_URL", simulator.baseUrl().toString());
      parsesThePolicy(function, this::nextCallback, "cost_nanousd > 0");
      explainsABrokenPdf(function);
      namesAPageThatWasNotRead(function);
      cancelsAParse(function);
      function.restart("LLAMAPARSE_SUBMIT", "upload");
      parsesThePolicy(function, () -> await().until(simulator::isIdle), "cost_nanousd = 0");
      assertThat(callbacks).as("who uploads is never called back").isEmpty();
    } finally {
      inbox.stop(0);
    }
  }

  /** How it is known that the parser has finished. */
  private interface Finished {
    void await() throws Exception;
  }

  private static void parsesThePolicy(ParseFunction function, Finished finished, String cost)
      throws Exception {
    var user = UUID.randomUUID();
    var job =
        function.upload(user, UUID.randomUUID(), 1, "application/pdf", Files.readAllBytes(POLICY));
    assertThat(function.deliverUpload(job)).isEmpty();
    finished.await();
    assertThat(function.deliver(collect(job))).isEmpty();
    assertThat(function.job(job, "status")).isEqualTo("parsed");
    assertThat(function.object(StoragePath.parserResult(job))).contains("<!-- page 1 -->");
    assertThat(function.job(job, "(progress ->> 'pages')::integer > 1")).isEqualTo("t");
    assertThat(function.ledger(job, "state || (pages > 1) || (" + cost + ")"))
        .isEqualTo("settledtruetrue");
  }

  private void namesAPageThatWasNotRead(ParseFunction function) throws Exception {
    faults.begin(FaultPlan.of(7, FaultRule.always(Operation.DOWNLOAD, FaultKind.PARTIAL_PAGES)));
    var job = submitted(function);
    assertThat(function.deliver(collect(job))).isEmpty();
    faults.begin(FaultPlan.NONE);
    assertThat(function.job(job, "status || jsonb_array_length(progress -> 'pages_missing')"))
        .isEqualTo("parsed1");
    var missing =
        Integer.parseInt(String.valueOf(function.job(job, "progress #>> '{pages_missing,0}'")));
    assertThat(function.object(StoragePath.parserResult(job)))
        .contains(PageMark.of(missing) + "\n\n" + PageMark.of(missing + 1) + "\n");
  }

  private void cancelsAParse(ParseFunction function) throws Exception {
    var job = submitted(function);
    function.run("update upload_jobs set status = 'cancelled' where job_id = ?", job.jobId());
    assertThat(function.deliver(collect(job))).isEmpty();
    assertThat(function.ledger(job, "state || outcome || (cost_nanousd >= 0)"))
        .isEqualTo("settledcancelledtrue");
  }

  /** The policy again, for a tenant who has never had it. */
  private JobRef submitted(ParseFunction function) throws Exception {
    var job =
        function.upload(
            UUID.randomUUID(), UUID.randomUUID(), 1, "application/pdf", Files.readAllBytes(POLICY));
    assertThat(function.deliverUpload(job)).isEmpty();
    nextCallback();
    return job;
  }

  private void explainsABrokenPdf(ParseFunction function) throws Exception {
    var job =
        function.upload(
            UUID.randomUUID(),
            UUID.randomUUID(),
            1,
            "application/pdf",
            "%PDF-1.7 and then nothing".getBytes(StandardCharsets.UTF_8));
    assertThat(function.deliverUpload(job)).isEmpty();
    nextCallback();
    assertThat(function.deliver(collect(job))).hasSize(1);
    assertThat(function.job(job, "last_error ->> 'code'")).isEqualTo("parse_pdf_is_broken");
    assertThat(function.job(job, "last_error ->> 'message'")).endsWith(".");
    assertThat(function.ledger(job, "state || cost_nanousd")).isEqualTo("settled0");
  }

  private void nextCallback() throws InterruptedException {
    var callback = callbacks.poll(30, TimeUnit.SECONDS);
    assertThat(callback)
        .as("the parser calls back")
        .isNotNull()
        .containsKeys("X-sluice-callback", "Lc-signature");
  }

  private HttpServer inbox() throws Exception {
    var server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
    server.createContext(
        "/webhooks",
        exchange -> {
          callbacks.add(Map.copyOf(exchange.getRequestHeaders()));
          exchange.sendResponseHeaders(202, -1);
          exchange.close();
        });
    server.start();
    return server;
  }

  private static ParseMessage collect(JobRef job) {
    return new ParseMessage(Kind.COLLECT, job, 0, "c-1");
  }
}
