package dev.sluice.simulator.llamaparse;

import static dev.sluice.simulator.llamaparse.Client.JSON;
import static dev.sluice.simulator.llamaparse.Client.configuration;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import dev.sluice.samples.SampleDocuments;
import dev.sluice.simulator.http.Reply;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@SuppressWarnings("NullAway.Init")
final class LlamaParseSimulatorTest {
  private static final byte[] TEXT = "Some text.".getBytes(StandardCharsets.UTF_8);

  @TempDir private Path state;
  private LlamaParseSimulator simulator;
  private Client client;

  @BeforeEach
  void start() throws Exception {
    simulator = LlamaParseSimulator.start(LlamaParseOptions.defaults(state));
    client = new Client(simulator.baseUrl());
  }

  private void restart(LlamaParseOptions options) throws Exception {
    simulator.close();
    simulator = LlamaParseSimulator.start(options);
    client.moveTo(simulator.baseUrl());
  }

  @AfterEach
  void stop() {
    client.close();
    simulator.close();
  }

  @Test
  void parsesAnUploadedPdfAndGivesItsPages() throws Exception {
    String id = client.uploaded(SampleDocuments.insurancePolicy(), "p.pdf", configuration());
    JsonNode job = client.ended(id, "markdown,usage");

    assertThat(id).startsWith("pjb-");
    assertThat(job.at("/job/status").asText()).isEqualTo("COMPLETED");
    assertThat(job.at("/status")).isEqualTo(job.at("/job/status"));
    assertThat(job.at("/job/tier").asText()).isEqualTo("cost_effective");
    JsonNode pages = job.at("/markdown/pages");
    assertThat(pages.size()).isBetween(10, 14);
    assertThat(pages.at("/1/page_number").asInt()).isEqualTo(2);
    assertThat(pages.at("/1/success").asBoolean()).isTrue();
    assertThat(pages.at("/0/markdown").asText()).startsWith("# Harbour and Vale Mutual");
    assertThat(job.at("/job/usage/credits").asInt()).isEqualTo(3 * pages.size());
    assertThat(simulator.counters().credits()).isEqualTo(3 * pages.size());
    assertThat(simulator.counters().pages()).isEqualTo(pages.size());
  }

  @Test
  void servesTheWholeMarkdownAtAnAddressThatExpires() throws Exception {
    AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-03-01T00:00:00Z"));
    restart(LlamaParseOptions.defaults(state).withClock(clock(now)));
    String id = client.uploaded(SampleDocuments.insurancePolicy(), "p.pdf", configuration());
    JsonNode metadata =
        client.ended(id, "markdown_content_metadata").at("/result_content_metadata/markdown");
    String url = metadata.at("/presigned_url").asText();
    HttpResponse<String> content = client.fetch(url);

    assertThat(content.statusCode()).isEqualTo(200);
    assertThat(content.body())
        .startsWith("# Harbour and Vale Mutual\n")
        .contains("\n\n---\n\n")
        .doesNotContain("<!--");
    assertThat(metadata.at("/exists").asBoolean()).isTrue();
    assertThat(metadata.at("/size_bytes").asInt())
        .isEqualTo(content.body().getBytes(StandardCharsets.UTF_8).length);
    assertThat(client.fetch(url.replaceFirst("signature=.", "signature=x")).statusCode())
        .isEqualTo(403);
    assertThat(client.fetch(url.replaceFirst("expires=", "expires=9")).statusCode()).isEqualTo(403);
    assertThat(client.fetch(url.replaceFirst("\\?.*", "")).statusCode()).isEqualTo(403);
    now.set(now.get().plus(Duration.ofMinutes(16)));
    assertThat(client.fetch(url).statusCode()).isEqualTo(403);
  }

  @Test
  void fetchesASourceByItsAddress() throws Exception {
    HttpServer source =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    source.createContext(
        "/raw/doc.md",
        exchange -> {
          exchange.sendResponseHeaders(200, TEXT.length);
          exchange.getResponseBody().write(TEXT);
          exchange.close();
        });
    source.start();
    String base = "http://127.0.0.1:" + source.getAddress().getPort();
    try {
      String good = submitted(base + "/raw/doc.md?X-Amz-Signature=1");
      String missing = submitted(base + "/missing");

      assertThat(client.ended(good, "markdown").at("/markdown/pages/0/markdown").asText())
          .isEqualTo("Some text.");
      assertThat(client.ended(missing, "").at("/job/error_message").asText())
          .contains("answered 404");
    } finally {
      source.stop(0);
    }
    assertThat(client.ended(submitted(base + "/raw/doc.md"), "").at("/job/error_code").asText())
        .isEqualTo("SOURCE_UNAVAILABLE");
  }

  private String submitted(String url) throws Exception {
    return Client.id(client.submit(configuration("source_url", url)));
  }

  @Test
  void parsesAFileThatWasUploadedBefore() throws Exception {
    HttpResponse<String> file = client.multipart("/api/v1/beta/files", TEXT, "n.txt", "{}");
    String id = Client.id(client.submit(configuration("file_id", Client.id(file))));

    assertThat(client.ended(id, "markdown_full").at("/markdown_full").asText())
        .isEqualTo("Some text.\n");
    assertThat(client.submit(configuration("file_id", "dfl-unknown")).statusCode()).isEqualTo(404);
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          password,  PDF_IS_PROTECTED,      password
          truncated, PDF_IS_BROKEN,         incomplete
          image,     NO_DATA_FOUND_IN_FILE, no text layer
          empty,     EMPTY_FILE,            empty
          """)
  void failsWithAReasonThatAPersonUnderstands(String kind, String code, String message)
      throws Exception {
    byte[] document =
        switch (kind) {
          case "password" -> SampleDocuments.passwordProtected();
          case "truncated" -> SampleDocuments.truncated();
          case "image" -> SampleDocuments.imageOnly();
          default -> SampleDocuments.empty();
        };
    JsonNode job = client.ended(client.uploaded(document, "d.pdf", configuration()), "markdown");

    assertThat(job.at("/job/status").asText()).isEqualTo("FAILED");
    assertThat(job.at("/job/error_code").asText()).isEqualTo(code);
    assertThat(job.at("/job/error_message").asText()).contains(message);
    assertThat(job.has("markdown")).isFalse();
    assertThat(simulator.counters().credits()).isZero();
  }

  @Test
  void givesBackTheSubmittersMetadata() throws Exception {
    Map<String, String> metadata = Map.of("job_id", "42", "generation", "1");
    String id = client.uploaded(TEXT, "a.txt", configuration("user_metadata", metadata));

    assertThat(client.job(id, "").at("/job/user_metadata")).isEqualTo(JSON.valueToTree(metadata));
  }

  @Test
  void parsesTheSameBytesWithTheSameOptionsOnce() throws Exception {
    String first = client.uploaded(TEXT, "a.txt", configuration());
    client.ended(first, "");
    String again = client.uploaded(TEXT, "b.txt", configuration("user_metadata", Map.of()));
    JsonNode hit = client.ended(again, "markdown,usage");

    assertThat(hit.at("/markdown/pages/0/markdown").asText()).isEqualTo("Some text.");
    assertThat(hit.at("/job/usage/credits").asLong(-1)).isZero();
    assertThat(simulator.counters().parses()).isEqualTo(1);
    assertThat(simulator.counters().credits()).isEqualTo(3);

    client.ended(client.uploaded(TEXT, "a.txt", configuration("disable_cache", true)), "");
    Map<String, Object> fast = configuration();
    fast.put("tier", "fast");
    client.ended(client.uploaded(TEXT, "a.txt", fast), "");
    assertThat(simulator.counters().parses()).isEqualTo(3);
  }

  @Test
  void theFastTierMakesTextAndNoMarkdown() throws Exception {
    String id = client.uploaded(TEXT, "a.txt", configuration("tier", "fast"));

    assertThat(client.ended(id, "text").at("/text/pages/0/text").asText()).isEqualTo("Some text.");
    assertThat(client.get("/api/v2/parse/" + id + "?expand=markdown").statusCode()).isEqualTo(422);
  }

  @Test
  void parsesChosenPagesOnly() throws Exception {
    Map<String, Object> ranges = Map.of("target_pages", "2,4-9", "max_pages", 3);
    String id =
        client.uploaded(SampleDocuments.formulas(8), "f.pdf", configuration("page_ranges", ranges));

    assertThat(client.ended(id, "markdown").at("/markdown/pages").findValuesAsText("page_number"))
        .containsExactly("2", "4", "5");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"tier":"fast","version":"latest","source_url":"http://a","foo":1} | extra_forbidden | foo
          {"version":"latest","source_url":"http://a"}                       | missing         | tier
          {"tier":"fast","source_url":"http://a"}                            | missing         | version
          {"tier":"best","version":"latest","source_url":"http://a"}         | literal_error   | tier
          {"tier":1,"version":"latest","source_url":"http://a"}              | string_type     | tier
          {"tier":"fast","version":"latest"}                                 | value_error     | file_id
          {"tier":"fast","version":"latest","source_url":"a","file_id":"b"}  | value_error     | source_url
          {"tier":"fast","version":"latest","source_url":"a","user_metadata":{"a":1}} | string_type | user_metadata
          {"tier":"fast","version":"latest","source_url":"a","user_metadata":1} | dict_type | user_metadata
          {"tier":"fast","version":"latest","source_url":"a","page_ranges":{"target_pages":"x"}} | value_error | page_ranges
          {"tier":"fast","version":"latest","source_url":"a","webhook_configurations":1} | list_type | webhook_configurations
          {"tier":"fast","version":"latest","source_url":"a","webhook_configurations":[{"webhook_url":"http://a","x":1}]} | extra_forbidden | x
          {"tier":"fast","version":"latest","source_url":"a","webhook_configurations":[{"webhook_url":"ftp:a"}]} | url_parsing | webhook_url
          {"tier":                                                           | json_invalid    | body
          [1]                                                                | model_attributes_type | body
          """)
  void refusesWhatIsWrongAndNamesIt(String body, String type, String named) throws Exception {
    HttpResponse<String> response =
        client.send(
            "POST",
            "/api/v2/parse",
            "application/json",
            body.getBytes(StandardCharsets.UTF_8),
            "llx-local");
    JsonNode detail = JSON.readTree(response.body()).at("/detail/0");

    assertThat(response.statusCode()).isEqualTo(422);
    assertThat(detail.at("/type").asText()).isEqualTo(type);
    assertThat(detail.at("/loc/0").asText()).isEqualTo("body");
    assertThat(detail.toString()).contains(named);
  }

  @Test
  void refusesFormsThatLackAPart() throws Exception {
    assertThat(client.upload(TEXT, "a", configuration("file_id", "x")).statusCode()).isEqualTo(422);
    assertThat(client.post("/api/v2/parse/upload").statusCode()).isEqualTo(422);
    assertThat(client.get("/api/v2/parse/pjb-x").statusCode()).isEqualTo(404);
    String id = client.uploaded(TEXT, "a.txt", configuration());
    assertThat(client.get("/api/v2/parse/" + id + "?expand=xlsx").statusCode()).isEqualTo(422);
    assertThat(client.get("/api/v2/parse/" + id + "/cancel").statusCode()).isEqualTo(404);
    assertThat(client.get("/api/v2/parse?page_size=x").statusCode()).isEqualTo(422);
    assertThat(client.get("/nothing").statusCode()).isEqualTo(404);
  }

  @Test
  void wantsAKnownKey() throws Exception {
    HttpResponse<String> response =
        client.send("GET", "/api/v2/parse", "application/json", new byte[0], "llx-other");

    assertThat(response.statusCode()).isEqualTo(401);
    assertThat(response.body()).isEqualTo("{\"detail\":\"Invalid authentication token\"}");
  }

  @Test
  void refusesWhenTheCreditsAreUsedUp() throws Exception {
    restart(LlamaParseOptions.defaults(state).withCredits(3));
    client.ended(client.uploaded(TEXT, "a.txt", configuration()), "");

    assertThat(client.upload(TEXT, "a.txt", configuration()).statusCode()).isEqualTo(402);
  }

  @Test
  void refusesTooManySubmissionsInASecond() throws Exception {
    Clock still = Clock.fixed(Instant.parse("2026-03-01T00:00:00Z"), ZoneOffset.UTC);
    restart(LlamaParseOptions.defaults(state).withSubmissionsPerSecond(1).withClock(still));
    client.upload(TEXT, "a.txt", configuration());
    HttpResponse<String> second = client.upload(TEXT, "a.txt", configuration());

    assertThat(second.statusCode()).isEqualTo(429);
    assertThat(second.headers().firstValue("Retry-After")).contains("1");
  }

  @Test
  void forgetsAJobAfterTwoDays() throws Exception {
    AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-03-01T00:00:00Z"));
    restart(LlamaParseOptions.defaults(state).withClock(clock(now)));
    String id = client.uploaded(TEXT, "a.txt", configuration());
    client.ended(id, "");
    now.set(now.get().plus(Duration.ofHours(49)));

    assertThat(client.get("/api/v2/parse/" + id).statusCode()).isEqualTo(404);
    restart(LlamaParseOptions.defaults(state).withClock(clock(now)));
    assertThat(client.get("/api/v2/parse/" + id).statusCode()).isEqualTo(404);
    assertThat(state.resolve("results")).isEmptyDirectory();
    assertThat(state.resolve("jobs")).isEmptyDirectory();
  }

  @Test
  void listsJobsByStatusAndIdPageByPage() throws Exception {
    String one = client.uploaded(TEXT, "a.txt", configuration());
    String two = client.uploaded(new byte[0], "b.txt", configuration());
    client.ended(one, "");
    client.ended(two, "");

    assertThat(ids("?status=FAILED")).containsExactly(two);
    assertThat(ids("?status=completed")).containsExactly(one);
    assertThat(ids("?job_ids=" + one + "," + two)).containsExactlyInAnyOrder(one, two);
    JsonNode page = JSON.readTree(client.get("/api/v2/parse?page_size=1").body());
    assertThat(page.at("/items")).hasSize(1);
    assertThat(ids("?page_size=1&page_token=" + page.at("/next_page_token").asText()))
        .hasSize(1)
        .isNotEqualTo(page.at("/items").findValuesAsText("id"));
  }

  private List<String> ids(String query) throws Exception {
    return JSON.readTree(client.get("/api/v2/parse" + query).body())
        .at("/items")
        .findValuesAsText("id");
  }

  @Test
  void cancelsAJobThatHasNotEnded() throws Exception {
    CountDownLatch held = new CountDownLatch(1);
    HttpServer slow = source(held);
    String base = "http://127.0.0.1:" + slow.getAddress().getPort();
    submitted(base + "/1");
    submitted(base + "/2");
    String waiting = client.uploaded(TEXT, "a.txt", configuration());
    HttpResponse<String> cancelled = client.post("/api/v2/parse/" + waiting + "/cancel");
    held.countDown();
    String ended = client.uploaded(new byte[0], "b.txt", configuration());
    client.ended(ended, "");

    assertThat(JSON.readTree(cancelled.body()).at("/status").asText()).isEqualTo("CANCELLED");
    assertThat(client.job(waiting, "").at("/job/status").asText()).isEqualTo("CANCELLED");
    assertThat(client.post("/api/v2/parse/" + ended + "/cancel").statusCode()).isEqualTo(409);
    slow.stop(0);
  }

  /** Serves a text, but not before it may. */
  private static HttpServer source(CountDownLatch permission) throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/",
        exchange -> {
          try {
            permission.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          exchange.sendResponseHeaders(200, TEXT.length);
          exchange.getResponseBody().write(TEXT);
          exchange.close();
        });
    server.start();
    return server;
  }

  @Test
  void takesUpAfterARestartWhatItHadNotFinished() throws Exception {
    byte[] paper = SampleDocuments.formulas(40);
    String running = client.uploaded(paper, "f.pdf", configuration());
    String alsoRunning = client.uploaded(paper, "g.pdf", configuration());
    String pending = client.uploaded(TEXT, "a.txt", configuration());
    restart(LlamaParseOptions.defaults(state));

    for (String id : List.of(running, alsoRunning, pending)) {
      JsonNode job = client.ended(id, "usage");
      assertThat(job.at("/job/status").asText()).isEqualTo("COMPLETED");
      assertThat(job.at("/job/usage/credits").isNumber()).isTrue();
    }
  }

  @Test
  void letsABehaviourAnswerInItsPlace() throws Exception {
    restart(
        LlamaParseOptions.defaults(state)
            .withBehaviour(
                request ->
                    request.method().equals("POST")
                        ? Optional.of(Reply.text(500, "Internal Server Error"))
                        : Optional.empty()));

    assertThat(client.upload(TEXT, "a.txt", configuration()).statusCode()).isEqualTo(500);
    assertThat(client.get("/api/v2/parse").statusCode()).isEqualTo(200);
  }

  private static Clock clock(AtomicReference<Instant> now) {
    return new Clock() {
      @Override
      public ZoneId getZone() {
        return ZoneOffset.UTC;
      }

      @Override
      public Clock withZone(ZoneId zone) {
        return this;
      }

      @Override
      public Instant instant() {
        return now.get();
      }
    };
  }
}
