package dev.sluice.localstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.localstack.lambda.InvocationResult;
import dev.sluice.localstack.lambda.TinyFunction;
import dev.sluice.simulator.fault.FaultKind;
import dev.sluice.simulator.fault.FaultPlan;
import dev.sluice.simulator.fault.FaultRule;
import dev.sluice.simulator.fault.Operation;
import dev.sluice.simulator.openai.MinuteLimits;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

class LocalCloudTest {
  private static final String TEMPLATE =
      """
      Parameters:
        DatabaseUrl: {Type: String}
        JwtIssuer: {Type: String}
        JwtAudience: {Type: String}
        LlamaParseUrl: {Type: String}
        LlamaParseApiKey: {Type: String}
        OpenAiUrl: {Type: String}
        OpenAiApiKey: {Type: String}
      Resources:
        Api:
          Type: AWS::Serverless::HttpApi
          Properties:
            Auth:
              DefaultAuthorizer: Users
              Authorizers:
                Users:
                  IdentitySource: $request.header.Authorization
                  JwtConfiguration: {issuer: !Ref JwtIssuer, audience: [!Ref JwtAudience]}
        Documents:
          Type: AWS::S3::Bucket
          Properties:
            BucketName: !Sub ${AWS::StackName}-documents
            NotificationConfiguration:
              QueueConfigurations:
                - Event: s3:ObjectCreated:*
                  Filter: {S3Key: {Rules: [{Name: prefix, Value: raw/}]}}
                  Queue: !GetAtt Work.Arn
        Work:
          Type: AWS::SQS::Queue
          Properties:
            QueueName: work
            RedrivePolicy: {deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: 3}
        Dead:
          Type: AWS::SQS::Queue
        ApiDatabaseSecret:
          Type: AWS::SecretsManager::Secret
          Properties:
            Name: !Sub ${AWS::StackName}/database/api
            GenerateSecretString:
              SecretStringTemplate: '{"username": "sluice_api"}'
              GenerateStringKey: password
              ExcludePunctuation: true
        TinyFunction:
          Type: AWS::Serverless::Function
          Properties:
            Runtime: java25
            CodeUri: tiny.zip
            Handler: tiny.TinyHandler
            MemorySize: 256
            Timeout: 20
            Environment:
              Variables:
                JAVA_TOOL_OPTIONS: -XX:+UseSerialGC -XX:TieredStopAtLevel=1
                DATABASE_URL: !Ref DatabaseUrl
            Events:
              Echo: {Type: HttpApi, Properties: {Method: POST, Path: /echo}}
              Work:
                Type: SQS
                Properties: {Queue: !GetAtt Work.Arn, BatchSize: 1}
      """;

  private static final FaultPlan FAULTS =
      FaultPlan.of(3, FaultRule.always(Operation.SUBMIT, FaultKind.HTML));

  @TempDir static Path folder;
  private static final List<String> STEPS = Collections.synchronizedList(new ArrayList<>());
  private static CloudOptions options;
  private static LocalCloud cloud;

  @BeforeAll
  static void start() throws Exception {
    TinyFunction.zip(folder);
    Files.writeString(folder.resolve("template.yaml"), TEMPLATE);
    CloudOptions standard = CloudOptions.of(folder, System.getenv());
    options =
        new CloudOptions(
                folder.resolve("template.yaml"),
                folder.resolve("state"),
                CloudPorts.free(),
                System.getenv(),
                Map.of(),
                List.of(),
                TinyFunction.RUNTIME,
                line -> {},
                true,
                false,
                false,
                standard.services(),
                (step, took) -> STEPS.add(step),
                standard.clock(),
                TestSeams.NONE,
                new SimulatorOptions(new MinuteLimits(7, 70), FAULTS),
                standard.real())
            .withFunctions(Map.of("tiny", Map.of("FOR_TINY", "1")), List.of("-Dof=test"));
    cloud = LocalCloud.start(options);
  }

  @AfterAll
  static void stop() throws Exception {
    cloud.close();
    cloud.close();
    assertThat(CloudRecord.running(options.state())).isEmpty();
    options.ports().demandFree(true);
  }

  private static String environment() throws InterruptedException {
    InvocationResult result = cloud.lambda().invoke("tiny", TinyFunction.command("environment"));
    return TinyFunction.text(result);
  }

  @Test
  void tellsWhatItStarted() {
    assertThat(STEPS).contains("secrets", "database", "queues", "objects", "functions", "gateway");
  }

  @Test
  void writesWhereItCanBeReached() throws Exception {
    CloudRecord record = CloudRecord.running(options.state()).orElseThrow();

    assertThat(record.endpoints()).isEqualTo(cloud.endpoints().byName());
    assertThat(record.endpoints().values())
        .allSatisfy(endpoint -> assertThat(endpoint).contains("//127.0.0.1:"));
  }

  @Test
  void givesFunctionsTheEndpointsOfItsServers() throws Exception {
    assertThat(environment())
        .contains("AWS_ENDPOINT_URL_SQS", "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL_SECRETS_MANAGER")
        .contains("AWS_ACCESS_KEY_ID", "DATABASE_URL", "FOR_TINY");
  }

  @Test
  void servesTheApiToUsersWithAToken() throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(cloud.endpoints().api().resolve("/echo"))
            .header("Content-Type", "text/plain")
            .POST(HttpRequest.BodyPublishers.ofString("hello"));
    try (HttpClient client = HttpClient.newHttpClient()) {
      assertThat(client.send(request.build(), HttpResponse.BodyHandlers.ofString()).statusCode())
          .isEqualTo(401);

      String token = cloud.issueToken(LocalCloud.DEFAULT_USER, Duration.ofMinutes(1));
      request.header("Authorization", "Bearer " + token);
      HttpResponse<String> response =
          client.send(request.build(), HttpResponse.BodyHandlers.ofString());

      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(new ObjectMapper().readTree(response.body()).path("body").asText())
          .isEqualTo("hello");
    }
  }

  @Test
  void tellsTheQueueOfANewObject() throws Exception {
    try (S3Client s3 =
        S3Client.builder()
            .endpointOverride(cloud.endpoints().s3())
            .region(Region.EU_WEST_1)
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
            .forcePathStyle(true)
            .httpClient(UrlConnectionHttpClient.create())
            .build()) {
      s3.putObject(
          put -> put.bucket("sluice-documents").key("other/x"), RequestBody.fromString("x"));
      s3.putObject(
          put -> put.bucket("sluice-documents").key("raw/a b.md"), RequestBody.fromString("hi"));
    }

    Path log = options.state().resolve("logs").resolve("tiny.log");
    TinyFunction.await(
        "the notification",
        () -> TinyFunction.lines(log).stream().anyMatch(l -> l.contains("raw/a+b.md")));
    assertThat(TinyFunction.lines(log)).noneMatch(line -> line.contains("other/x"));
  }

  @Test
  void letsTheFunctionsRolesIntoTheDatabase() throws Exception {
    try (var connection = cloud.servers().postgres().superuser().connect("sluice");
        var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "select rolcanlogin from pg_roles where rolname = 'sluice_api'")) {
      assertThat(rows.next()).isTrue();
      assertThat(rows.getBoolean(1)).isTrue();
    }
    assertThat(cloud.servers().llamaParse().baseUrl()).isEqualTo(cloud.endpoints().llamaParse());
    assertThat(cloud.servers().openAi().baseUrl()).isEqualTo(cloud.endpoints().openAi());
    assertThat(cloud.template().functions()).hasSize(1);
  }

  @Test
  void givesTheProvidersTheirLimits() {
    assertThat(cloud.servers().openAi().limits().values())
        .containsOnly(new MinuteLimits(7, 70))
        .hasSize(2);
  }

  @Test
  void tellsBothProvidersHowToMisbehaveAtOnePort() throws Exception {
    URI admin = cloud.endpoints().admin();
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> plan =
          client.send(
              HttpRequest.newBuilder(admin.resolve("/admin/faults")).build(),
              HttpResponse.BodyHandlers.ofString());
      HttpResponse<String> submission =
          client.send(
              HttpRequest.newBuilder(cloud.endpoints().llamaParse().resolve("/api/v2/parse"))
                  .POST(HttpRequest.BodyPublishers.noBody())
                  .build(),
              HttpResponse.BodyHandlers.ofString());

      assertThat(admin.getPort()).isEqualTo(options.ports().admin());
      assertThat(plan.body())
          .isEqualTo(
              "{\"seed\":3,\"rules\":[{\"provider\":\"llamaparse\",\"operation\":\"submit\",\"fault\":\"html\"}]}");
      assertThat(submission.statusCode()).isEqualTo(502);
      assertThat(cloud.servers().faults().log().decisions()).hasSize(1);
    }
  }

  @Test
  void refusesASecondCloudOnTheSameState() {
    assertThatThrownBy(() -> LocalCloud.start(options))
        .isInstanceOf(LocalCloudException.class)
        .hasMessageStartingWith("The local cloud is already running at " + cloud.endpoints().api());
  }

  @Test
  void endsWhatItHadStartedWhenAPortIsTaken() throws Exception {
    CloudPorts free = CloudPorts.free();
    CloudPorts half =
        new CloudPorts(
            free.gateway(),
            free.sqs(),
            free.s3(),
            free.secrets(),
            URI.create(cloud.endpoints().api().toString()).getPort(),
            free.openAi(),
            free.lambda(),
            free.postgres(),
            free.admin());

    assertThatThrownBy(() -> LocalCloud.start(options.forTest(folder.resolve("second"), half)))
        .hasMessageContaining("which the LlamaParse simulator should get, is already in use");
    StateLock.acquire(folder.resolve("second")).close();
  }
}
