package dev.sluice.localstack.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;
import software.amazon.awssdk.services.s3.presigner.model.PresignedPutObjectRequest;

class LocalObjectsTest {
  private static final String BUCKET = "sluice-documents-000000000000";

  @TempDir Path directory;
  private final BlockingQueue<ObjectCreated> announced = new LinkedBlockingQueue<>();
  private LocalObjects objects;
  private S3Client client;

  @BeforeEach
  void start() throws IOException {
    objects = LocalObjects.start(settings(directory), announced::add);
    objects.createBucket(BUCKET);
    client = client("local", "secret");
  }

  @AfterEach
  void stop() {
    client.close();
    objects.close();
  }

  @Test
  void announcesAnObjectWithItsSizeAndEtag() throws Exception {
    put("raw/a b/ü.pdf", "hello");
    assertThat(next())
        .isEqualTo(
            new ObjectCreated(
                "ObjectCreated:Put",
                BUCKET,
                "raw/a b/ü.pdf",
                5,
                "5d41402abc4b2a76b9719d911017c592"));
    assertThat(client.getObjectAsBytes(r -> r.bucket(BUCKET).key("raw/a b/ü.pdf")).asUtf8String())
        .isEqualTo("hello");
  }

  @Test
  void announcesAMultipartUploadOnceAndOnlyWhenItIsComplete() throws Exception {
    String upload = client.createMultipartUpload(r -> r.bucket(BUCKET).key("raw/big")).uploadId();
    String first = part(upload, 1, "x".repeat(5 << 20));
    String second = part(upload, 2, "y");
    put("raw/marker", "1");
    assertThat(next().key()).isEqualTo("raw/marker");
    client.completeMultipartUpload(
        r ->
            r.bucket(BUCKET)
                .key("raw/big")
                .uploadId(upload)
                .multipartUpload(
                    m ->
                        m.parts(
                            CompletedPart.builder().partNumber(1).eTag(first).build(),
                            CompletedPart.builder().partNumber(2).eTag(second).build())));
    ObjectCreated event = next();
    assertThat(event.eventName()).isEqualTo("ObjectCreated:CompleteMultipartUpload");
    assertThat(event.sizeBytes()).isEqualTo((5 << 20) + 1);
    assertThat(announced).isEmpty();
  }

  @Test
  void announcesACopyUnderItsNewKey() throws Exception {
    put("raw/from", "hello");
    next();
    client.copyObject(
        r ->
            r.sourceBucket(BUCKET)
                .sourceKey("raw/from")
                .destinationBucket(BUCKET)
                .destinationKey("raw/to"));
    assertThat(next())
        .isEqualTo(
            new ObjectCreated(
                "ObjectCreated:Copy", BUCKET, "raw/to", 5, "5d41402abc4b2a76b9719d911017c592"));
  }

  @Test
  void refusesASecondWriteThatMustBeTheFirst() throws Exception {
    client.putObject(
        r -> r.bucket(BUCKET).key("raw/once").ifNoneMatch("*"), RequestBody.fromString("first"));
    assertThatThrownBy(
            () ->
                client.putObject(
                    r -> r.bucket(BUCKET).key("raw/once").ifNoneMatch("*"),
                    RequestBody.fromString("second")))
        .isInstanceOfSatisfying(S3Exception.class, e -> assertThat(e.statusCode()).isEqualTo(412));
    assertThat(client.getObjectAsBytes(r -> r.bucket(BUCKET).key("raw/once")).asUtf8String())
        .isEqualTo("first");
    next();
    assertThat(announced).isEmpty();
  }

  @Test
  void refusesBytesThatDoNotMatchTheirChecksum() throws Exception {
    assertThatThrownBy(
            () ->
                client.putObject(
                    r -> r.bucket(BUCKET).key("raw/broken").checksumSHA256(sha256("hello")),
                    RequestBody.fromString("hellO")))
        .isInstanceOfSatisfying(S3Exception.class, e -> assertThat(e.statusCode()).isEqualTo(400));
    assertThatThrownBy(() -> client.headObject(r -> r.bucket(BUCKET).key("raw/broken")))
        .isInstanceOf(NoSuchKeyException.class);
    put("raw/marker", "1");
    assertThat(next().key()).as("a refused write is not announced").isEqualTo("raw/marker");
  }

  @Test
  void takesAPresignedUploadOnceAndOnlyAsItWasSigned() throws Exception {
    PresignedPutObjectRequest signed = presigned("raw/signed", "hello");
    assertThat(upload(signed, "hellO", "application/pdf")).as("other bytes").isEqualTo(400);
    assertThat(upload(signed, "hello, world", "application/pdf")).as("other length").isEqualTo(403);
    assertThat(upload(signed, "hello", "text/html")).as("another type").isEqualTo(403);
    assertThat(announced).isEmpty();
    assertThat(upload(signed, "hello", "application/pdf")).isEqualTo(200);
    assertThat(next().sizeBytes()).isEqualTo(5);
    assertThat(upload(signed, "hello", "application/pdf")).as("a second time").isEqualTo(412);
    assertThat(client.headObject(r -> r.bucket(BUCKET).key("raw/signed")).contentType())
        .isEqualTo("application/pdf");
  }

  @Test
  void knowsNobodyButTheOwnerOfTheKeys() {
    try (S3Client stranger = client("local", "guess")) {
      assertThatThrownBy(() -> stranger.listObjectsV2(r -> r.bucket(BUCKET)))
          .isInstanceOfSatisfying(
              S3Exception.class, e -> assertThat(e.statusCode()).isEqualTo(403));
    }
    assertThat(settings(directory).toString()).doesNotContain("secret");
  }

  @Test
  void announcesAgainWhatTheListenerDidNotTake() throws Exception {
    objects.close();
    BlockingQueue<ObjectCreated> attempts = new LinkedBlockingQueue<>();
    objects =
        LocalObjects.start(
            settings(directory),
            event -> {
              attempts.add(event);
              if (attempts.size() == 1) {
                throw new IOException("the queue is away");
              }
              announced.add(event);
            });
    client.close();
    client = client("local", "secret");
    put("raw/twice", "hello");
    assertThat(next().key()).isEqualTo("raw/twice");
    assertThat(attempts).hasSize(2);
  }

  @Test
  void announcesAfterARestartWhatAKilledProcessStillOwed() throws Exception {
    Path other = directory.resolve("other");
    Process killed = otherProcess(other);
    try (BufferedReader output = killed.inputReader()) {
      assertThat(output.lines().anyMatch("written"::equals)).isTrue();
    } finally {
      killed.destroyForcibly().waitFor();
    }
    try (LocalObjects restarted = LocalObjects.start(settings(other), announced::add)) {
      assertThat(restarted.endpoint().getHost()).isEqualTo("127.0.0.1");
      assertThat(next().key()).isEqualTo("raw/owed");
    }
    assertThat(files(other.resolve("events"))).isEmpty();
  }

  @Test
  void announcesNothingForAWriteThatNeverHappened() throws Exception {
    new EventJournal(directory.resolve("events")).note("ObjectCreated:Put", BUCKET, "raw/never");
    objects.close();
    objects = LocalObjects.start(settings(directory), announced::add);
    client.close();
    client = client("local", "secret");
    put("raw/marker", "1");
    assertThat(next().key()).isEqualTo("raw/marker");
  }

  @Test
  void saysThatThePortIsTaken() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      LocalObjects.Settings settings =
          new LocalObjects.Settings(
              directory.resolve("x"), taken.getLocalPort(), "local", "secret");
      assertThatThrownBy(() -> LocalObjects.start(settings, announced::add))
          .isInstanceOf(IOException.class)
          .hasMessage("Port %d, which the objects should get, is taken.", taken.getLocalPort());
    }
  }

  private static LocalObjects.Settings settings(Path directory) {
    return new LocalObjects.Settings(directory, 0, "local", "secret");
  }

  private ObjectCreated next() throws InterruptedException {
    ObjectCreated event = announced.poll(30, TimeUnit.SECONDS);
    assertThat(event).as("a notification within 30 s").isNotNull();
    return event;
  }

  private void put(String key, String text) {
    client.putObject(r -> r.bucket(BUCKET).key(key), RequestBody.fromString(text));
  }

  private String part(String upload, int number, String text) {
    return client
        .uploadPart(
            r -> r.bucket(BUCKET).key("raw/big").uploadId(upload).partNumber(number),
            RequestBody.fromString(text))
        .eTag();
  }

  private PresignedPutObjectRequest presigned(String key, String text) {
    try (S3Presigner presigner =
        S3Presigner.builder()
            .endpointOverride(objects.endpoint())
            .region(Region.EU_WEST_1)
            .credentialsProvider(credentials("local", "secret"))
            .build()) {
      return presigner.presignPutObject(
          r ->
              r.signatureDuration(Duration.ofMinutes(5))
                  .putObjectRequest(
                      p ->
                          p.bucket(BUCKET)
                              .key(key)
                              .contentType("application/pdf")
                              .contentLength((long) text.length())
                              .checksumSHA256(sha256(text))
                              .ifNoneMatch("*")));
    }
  }

  /** As a client without any SDK would do it, with the headers that were signed. */
  private static int upload(PresignedPutObjectRequest signed, String text, String type)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(signed.url().toURI()).PUT(HttpRequest.BodyPublishers.ofString(text));
    signed
        .signedHeaders()
        .forEach(
            (name, values) -> {
              if (!List.of("host", "content-length", "content-type").contains(name)) {
                values.forEach(value -> request.header(name, value));
              }
            });
    request.header("content-type", type);
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
    }
  }

  private S3Client client(String accessKeyId, String secretAccessKey) {
    return client(objects, accessKeyId, secretAccessKey);
  }

  private static S3Client client(LocalObjects objects, String accessKeyId, String secret) {
    return S3Client.builder()
        .endpointOverride(objects.endpoint())
        .region(Region.EU_WEST_1)
        .credentialsProvider(credentials(accessKeyId, secret))
        .httpClient(UrlConnectionHttpClient.create())
        .build();
  }

  private static StaticCredentialsProvider credentials(String accessKeyId, String secret) {
    return StaticCredentialsProvider.create(AwsBasicCredentials.create(accessKeyId, secret));
  }

  private static String sha256(String text) {
    try {
      return Base64.getEncoder()
          .encodeToString(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }

  private static Process otherProcess(Path directory) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            OtherProcess.class.getName(),
            directory.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  /** Writes an object whose notification nobody takes, says so and waits to be killed. */
  static final class OtherProcess {
    public static void main(String[] arguments) throws Exception {
      LocalObjects objects =
          LocalObjects.start(
              settings(Path.of(arguments[0])),
              event -> {
                throw new IOException("the queue is away");
              });
      objects.createBucket(BUCKET);
      try (S3Client client = client(objects, "local", "secret")) {
        client.putObject(r -> r.bucket(BUCKET).key("raw/owed"), RequestBody.fromString("hello"));
      }
      System.out.println("written");
      Thread.currentThread().join();
    }
  }
}
