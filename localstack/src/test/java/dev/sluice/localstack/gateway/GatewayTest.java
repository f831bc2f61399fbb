package dev.sluice.localstack.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jose.jwk.JWKSet;
import dev.sluice.localstack.SecurityPage;
import dev.sluice.localstack.lambda.InvocationResult;
import dev.sluice.localstack.lambda.InvocationResult.Failed;
import dev.sluice.localstack.lambda.InvocationResult.Succeeded;
import dev.sluice.localstack.template.CloudTemplate;
import dev.sluice.localstack.template.LocalNames;
import dev.sluice.localstack.template.TemplateReader;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GatewayTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Instant NOW = Instant.parse("2026-03-12T19:03:58.390Z");
  private static final UUID USER = UUID.fromString("00000000-0000-4000-8000-000000000001");
  private static final Duration HOUR = Duration.ofHours(1);
  private static final String TEMPLATE =
      """
      Parameters:
        Issuer: {Type: String}
      Resources:
        Api:
          Type: AWS::Serverless::HttpApi
          Properties:
            Auth:
              DefaultAuthorizer: Users
              Authorizers:
                Users:
                  IdentitySource: $request.header.Authorization
                  JwtConfiguration: {issuer: !Ref Issuer, audience: [sluice, other]}
        EchoFunction:
          Type: AWS::Serverless::Function
          Properties:
            Runtime: java25
            CodeUri: x.zip
            Handler: x
            Events:
              Open: {Type: HttpApi, Properties: {Method: POST, Path: /open, Auth: {Authorizer: NONE}}}
              OpenGet: {Type: HttpApi, Properties: {Method: GET, Path: /open, Auth: {Authorizer: NONE}}}
              Job: {Type: HttpApi, Properties: {Method: GET, Path: "/jobs/{document_id}"}}
              Latest: {Type: HttpApi, Properties: {Method: ANY, Path: /jobs/latest}}
              Files: {Type: HttpApi, Properties: {Method: GET, Path: "/files/{path+}", Auth: {Authorizer: NONE}}}
      """;

  @TempDir static Path folder;
  private static final BlockingQueue<JsonNode> EVENTS = new LinkedBlockingQueue<>();
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static volatile InvocationResult answer = success("{}");
  private static LocalIssuer issuer;
  private static Gateway gateway;

  @BeforeAll
  static void start() throws IOException {
    int port = freePort();
    String address = "http://127.0.0.1:" + port;
    issuer = LocalIssuer.of(folder, address, InstantSource.fixed(NOW));
    gateway =
        Gateway.start(
            port,
            template(TEMPLATE, address),
            issuer,
            GatewayTest::record,
            Duration.ofSeconds(5),
            InstantSource.fixed(NOW));
  }

  @AfterAll
  static void stop() {
    gateway.close();
    CLIENT.close();
  }

  @BeforeEach
  void forget() {
    EVENTS.clear();
    answer = success("{\"statusCode\":204}");
  }

  private static CloudTemplate template(String text, String address) throws IOException {
    Path file = Files.writeString(folder.resolve("template.yaml"), text);
    return TemplateReader.read(
        file,
        LocalNames.of(URI.create("http://sqs"), URI.create(address), Map.of("Issuer", address)));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static InvocationResult record(String function, byte[] event) {
    try {
      EVENTS.add(JSON.readTree(event));
    } catch (IOException e) {
      return Failed.of("Test", e.getMessage());
    }
    return answer;
  }

  private static Succeeded success(String payload) {
    return new Succeeded(payload.getBytes(UTF_8));
  }

  private static HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(gateway.uri().resolve(path));
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static HttpResponse<String> get(String path) throws Exception {
    return send(request(path));
  }

  private static HttpRequest.Builder post(String type, byte[] body) {
    BodyPublisher bytes = BodyPublishers.ofByteArray(body);
    return request("/open").header("Content-Type", type).POST(bytes);
  }

  private static String token(Duration validity) {
    return issuer.issueToken(USER, "sluice", validity);
  }

  private static HttpResponse<String> job(String authorization) throws Exception {
    return send(request("/jobs/1").header("Authorization", authorization));
  }

  @Test
  void givesTheFunctionTheEventOfPayloadFormatTwo() throws Exception {
    send(
        request("/jobs/a%20b?limit=5&tag=x&tag=y%2Cz&flag")
            .header("Authorization", "Bearer " + token(HOUR))
            .header("X-Many", "1")
            .header("X-Many", "2")
            .header("Cookie", "a=1; b=2")
            .header("User-Agent", "tester"));

    JsonNode event = EVENTS.take();
    assertThat(event.path("version").asText()).isEqualTo("2.0");
    assertThat(event.path("routeKey").asText()).isEqualTo("GET /jobs/{document_id}");
    assertThat(event.path("rawPath").asText()).isEqualTo("/jobs/a%20b");
    assertThat(event.path("rawQueryString").asText()).isEqualTo("limit=5&tag=x&tag=y%2Cz&flag");
    assertThat(event.path("queryStringParameters"))
        .isEqualTo(JSON.readTree("{\"limit\":\"5\",\"tag\":\"x,y,z\",\"flag\":\"\"}"));
    assertThat(event.path("pathParameters")).isEqualTo(JSON.readTree("{\"document_id\":\"a b\"}"));
    assertThat(event.path("cookies")).isEqualTo(JSON.readTree("[\"a=1\",\"b=2\"]"));
    assertThat(event.path("headers").path("x-many").asText()).isEqualTo("1,2");
    assertThat(event.path("headers").has("cookie")).isFalse();
    assertThat(event.path("headers").path("x-forwarded-for").asText()).isEqualTo("127.0.0.1");
    assertThat(event.has("body")).isFalse();
    assertThat(event.path("isBase64Encoded").asBoolean(true)).isFalse();
    JsonNode context = event.path("requestContext");
    assertThat(context.path("stage").asText()).isEqualTo("$default");
    assertThat(context.path("time").asText()).isEqualTo("12/Mar/2026:19:03:58 +0000");
    assertThat(context.path("timeEpoch").asLong()).isEqualTo(NOW.toEpochMilli());
    assertThat(context.path("requestId").asText()).isNotEmpty();
    JsonNode http = context.path("http");
    assertThat(http.path("method").asText()).isEqualTo("GET");
    assertThat(http.path("path").asText()).isEqualTo("/jobs/a%20b");
    assertThat(http.path("protocol").asText()).isEqualTo("HTTP/1.1");
    assertThat(http.path("sourceIp").asText()).isEqualTo("127.0.0.1");
    assertThat(http.path("userAgent").asText()).isEqualTo("tester");
    JsonNode claims = context.path("authorizer").path("jwt").path("claims");
    assertThat(claims.path("sub").textValue()).isEqualTo(USER.toString());
    assertThat(claims.path("aud").textValue()).isEqualTo("sluice");
    assertThat(claims.path("exp").textValue())
        .isEqualTo(String.valueOf(NOW.plus(HOUR).getEpochSecond()));
  }

  @ParameterizedTest
  @CsvSource({
    "application/json, false",
    "application/problem+json; charset=utf-8, false",
    "text/markdown, false",
    "application/x-www-form-urlencoded, true",
    "application/octet-stream, true"
  })
  void sendsTextAsItIsAndEverythingElseInBase64(String type, boolean encoded) throws Exception {
    send(post(type, "a\u00e9".getBytes(UTF_8)));

    JsonNode event = EVENTS.take();
    assertThat(event.path("isBase64Encoded").asBoolean()).isEqualTo(encoded);
    assertThat(event.path("body").asText()).isEqualTo(encoded ? "YcOp" : "a\u00e9");
  }

  @Test
  void sendsTextThatIsNotUnicodeInBase64() throws Exception {
    send(post("text/plain", "\u00e9".getBytes(ISO_8859_1)));

    assertThat(EVENTS.take().path("body").asText()).isEqualTo("6Q==");
  }

  @Test
  void answersWithStatusHeadersCookiesAndBodyOfTheFunction() throws Exception {
    answer =
        success(
            """
            {"statusCode": 201, "headers": {"Content-Type": "application/json", "Location": "/x", "Content-Length": "99"},
             "cookies": ["a=1; Secure", "b=2"], "body": "{}"}
            """);

    HttpResponse<String> response = get("/open");

    assertThat(response.statusCode()).isEqualTo(201);
    assertThat(response.headers().firstValue("location")).hasValue("/x");
    assertThat(response.headers().firstValue("content-type")).hasValue("application/json");
    assertThat(response.headers().allValues("set-cookie"))
        .containsExactlyInAnyOrder("a=1; Secure", "b=2");
    assertThat(response.headers().firstValue("apigw-requestid")).isPresent();
    assertThat(response.body()).isEqualTo("{}");
  }

  @Test
  void decodesABodyThatTheFunctionEncoded() throws Exception {
    answer = success("{\"statusCode\":\"200\",\"isBase64Encoded\":true,\"body\":\"aGk=\"}");

    HttpResponse<String> response = get("/open");

    assertThat(response.body()).isEqualTo("hi");
    assertThat(response.headers().firstValue("content-type")).hasValue("text/plain; charset=utf-8");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {"{\"a\":1}   | {\"a\":1}", "\"hello\"   | hello", "[1,2]       | [1,2]"})
  void infersASuccessFromJsonWithoutAStatus(String payload, String body) throws Exception {
    answer = success(payload);

    HttpResponse<String> response = get("/open");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("content-type")).hasValue("application/json");
    assertThat(response.body()).isEqualTo(body);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "no json",
        "{\"statusCode\":\"many\"}",
        "{\"statusCode\":9}",
        "{\"statusCode\":200,\"isBase64Encoded\":true,\"body\":\"!\"}"
      })
  void answersInternalServerErrorToAnAnswerThatIsNone(String payload) throws Exception {
    answer = success(payload);

    HttpResponse<String> response = get("/open");

    assertThat(response.statusCode()).isEqualTo(500);
    assertThat(response.body()).isEqualTo("{\"message\":\"Internal Server Error\"}");
  }

  @Test
  void answersInternalServerErrorToAFunctionThatFailed() throws Exception {
    answer = Failed.of("Sandbox.Timedout", "Task timed out");

    assertThat(get("/open").statusCode()).isEqualTo(500);
  }

  @Test
  void answersNotFoundWhereNoRouteLeads() throws Exception {
    assertThat(get("/nowhere").body()).isEqualTo("{\"message\":\"Not Found\"}");
    assertThat(get("/jobs/").statusCode()).isEqualTo(404);
    assertThat(get("/jobs/1/pages").statusCode()).isEqualTo(404);
    assertThat(send(request("/jobs/1").DELETE()).statusCode()).isEqualTo(404);
  }

  @Test
  void prefersTheMoreSpecificRoute() throws Exception {
    send(request("/jobs/latest").header("Authorization", "Bearer " + token(HOUR)));
    assertThat(EVENTS.take().path("routeKey").asText()).isEqualTo("ANY /jobs/latest");

    get("/files/a/b%2Fc.txt");
    JsonNode event = EVENTS.take();
    assertThat(event.path("pathParameters").path("path").asText()).isEqualTo("a/b/c.txt");
  }

  @Test
  void acceptsATokenOfTheLocalIssuer() throws Exception {
    assertThat(job("Bearer " + token(HOUR)).statusCode()).isEqualTo(204);
    assertThat(job(token(HOUR)).statusCode()).isEqualTo(204);
  }

  @Test
  void toleratesAMinuteBetweenTheClocks() throws Exception {
    assertThat(job("Bearer " + token(Duration.ofSeconds(-59))).statusCode()).isEqualTo(204);
  }

  @Test
  void refusesAnExpiredToken() throws Exception {
    HttpResponse<String> response = job("Bearer " + token(Duration.ofSeconds(-61)));

    assertThat(response.statusCode()).isEqualTo(401);
    assertThat(response.body()).isEqualTo("{\"message\":\"Unauthorized\"}");
    assertThat(response.headers().firstValue("www-authenticate")).hasValue("Bearer");
  }

  @Test
  void refusesATokenForAnotherAudience() throws Exception {
    assertThat(job("Bearer " + issuer.issueToken(USER, "elsewhere", HOUR)).statusCode())
        .isEqualTo(401);
  }

  @Test
  void refusesATokenOfAnotherKeyOrIssuer() throws Exception {
    LocalIssuer otherKey =
        LocalIssuer.of(folder.resolve("other"), gateway.uri().toString(), InstantSource.fixed(NOW));
    LocalIssuer otherName = LocalIssuer.of(folder, "http://other", InstantSource.fixed(NOW));

    assertThat(job("Bearer " + otherKey.issueToken(USER, "sluice", HOUR)).statusCode())
        .isEqualTo(401);
    assertThat(job("Bearer " + otherName.issueToken(USER, "sluice", HOUR)).statusCode())
        .isEqualTo(401);
  }

  @Test
  void refusesATokenThatIsNone() throws Exception {
    assertThat(get("/jobs/1").statusCode()).isEqualTo(401);
    assertThat(job("Bearer x.y.z").statusCode()).isEqualTo(401);
    assertThat(EVENTS).isEmpty();
  }

  @Test
  void publishesTheIssuersConfigurationAndPublicKey() throws Exception {
    JsonNode configuration = JSON.readTree(get("/.well-known/openid-configuration").body());
    assertThat(configuration.path("issuer").asText()).isEqualTo(gateway.uri().toString());

    String keys = get(configuration.path("jwks_uri").asText()).body();
    assertThat(JWKSet.parse(keys).getKeys()).hasSize(1).noneMatch(key -> key.isPrivate());
  }

  @Test
  void keepsTheIssuersKeyForItsOwnerOnly() throws Exception {
    assertThat(Files.getPosixFilePermissions(folder.resolve("issuer.json"))).hasSize(2);
    Path broken = Files.createDirectory(folder.resolve("broken"));
    Files.writeString(broken.resolve("issuer.json"), "{}");
    assertThatThrownBy(() -> LocalIssuer.of(broken, "http://x", InstantSource.system()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is not usable; remove the file");
  }

  @Test
  void refusesARequestOverTenMegabytes() throws Exception {
    HttpResponse<String> response =
        send(post("application/octet-stream", new byte[10 * 1024 * 1024 + 1]));

    assertThat(response.statusCode()).isEqualTo(413);
    assertThat(response.body()).isEqualTo("{\"message\":\"Request Entity Too Large\"}");
  }

  @Test
  void refusesARequestWhoseEventIsOverSixMegabytes() throws Exception {
    assertThat(send(post("application/octet-stream", new byte[4_800_000])).statusCode())
        .isEqualTo(413);
    assertThat(send(post("application/octet-stream", new byte[4_600_000])).statusCode())
        .isEqualTo(204);
  }

  @Test
  void refusesATemplateWithAnotherIssuerOrWithoutAnApi() throws Exception {
    CloudTemplate elsewhere = template(TEMPLATE, "http://elsewhere");
    CloudTemplate none =
        template("Parameters: {Issuer: {Type: String}}\nResources: {}", "http://elsewhere");

    assertThatThrownBy(() -> start(elsewhere, Duration.ofSeconds(5)))
        .hasMessageContaining("not of http://elsewhere");
    assertThatThrownBy(() -> start(none, Duration.ofSeconds(5)))
        .hasMessageContaining("no HTTP API");
  }

  @Test
  void stopsWaitingForAFunctionThatIsSlow() throws Exception {
    CountDownLatch late = new CountDownLatch(1);
    try (Gateway slow =
        Gateway.start(
            0,
            template(TEMPLATE, gateway.uri().toString()),
            issuer,
            (function, event) -> {
              late.await(60, TimeUnit.SECONDS);
              return success("{}");
            },
            Duration.ofMillis(50),
            InstantSource.fixed(NOW))) {
      HttpResponse<String> response = send(HttpRequest.newBuilder(slow.uri().resolve("/open")));

      assertThat(response.statusCode()).isEqualTo(503);
      assertThat(response.body()).isEqualTo("{\"message\":\"Service Unavailable\"}");
      late.countDown();
    }
  }

  @Test
  void throttlesAsTheStageSays() throws Exception {
    String limited =
        TEMPLATE.replace(
            "    Properties:\n      Auth:",
            "    Properties:\n"
                + "      DefaultRouteSettings: {ThrottlingBurstLimit: 1, ThrottlingRateLimit: 1}\n"
                + "      Auth:");
    try (Gateway slow = start(template(limited, gateway.uri().toString()), Duration.ofSeconds(5))) {
      send(HttpRequest.newBuilder(slow.uri().resolve("/open")));
      HttpResponse<String> second = send(HttpRequest.newBuilder(slow.uri().resolve("/open")));

      assertThat(second.statusCode()).isEqualTo(429);
      assertThat(second.body()).isEqualTo("{\"message\":\"Too Many Requests\"}");
    }
  }

  @Test
  void aBodyThatNeverEndsReachesNoFunctionAndKeepsNobodyWaiting() throws Exception {
    try (var slow = new Socket("127.0.0.1", gateway.uri().getPort())) {
      slow.getOutputStream()
          .write(
              "POST /open HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{\"a"
                  .getBytes(ISO_8859_1));
      slow.getOutputStream().flush();

      assertThat(send(post("application/json", "{}".getBytes(UTF_8))).statusCode()).isEqualTo(204);
      assertThat(EVENTS).hasSize(1);
    }
    int others = send(post("application/json", "{}".getBytes(UTF_8))).statusCode();
    assertThat(others).isEqualTo(204);
    assertThat(EVENTS).hasSize(2);
    assertThat(
            SecurityPage.replace(
                "gateway",
                """
                | At the gateway | Answer | What came of it |
                |---|---|---|
                | a body that never ends | none | it reaches no function; others' calls get %d meanwhile |
                """
                    .formatted(others)))
        .as("docs/security.md said something else, and has been written anew")
        .isFalse();
  }

  @Test
  void refillsTheThrottleAtItsRate() {
    long[] now = {0};
    TokenBucket bucket =
        new TokenBucket(
            new dev.sluice.localstack.template.ApiDefinition.Throttle(2, 1), () -> now[0]);

    assertThat(bucket.take()).isTrue();
    assertThat(bucket.take()).isFalse();
    now[0] = 500_000_000;
    assertThat(bucket.take()).isTrue();
  }

  private static Gateway start(CloudTemplate template, Duration timeout) throws IOException {
    return Gateway.start(
        0, template, issuer, GatewayTest::record, timeout, InstantSource.fixed(NOW));
  }
}
