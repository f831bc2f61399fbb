package dev.sluice.localstack.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TemplateReaderTest {
  private static final URI SQS = URI.create("http://127.0.0.1:7081");
  private static final URI API = URI.create("http://127.0.0.1:7080");
  private static final Map<String, String> PARAMETERS =
      Map.of(
          "DatabaseUrl", "jdbc:postgresql://127.0.0.1:7087/sluice",
          "JwtIssuer", "http://127.0.0.1:7080",
          "LlamaParseApiKey", "llx-local",
          "OpenAiApiKey", "sk-local");

  private static CloudTemplate own() throws IOException {
    return TemplateReader.read(Path.of("..", "template.yaml"), LocalNames.of(SQS, API, PARAMETERS));
  }

  private static CloudTemplate read(String text) {
    return TemplateReader.read(text, Path.of("/app"), LocalNames.of(SQS, API, Map.of()));
  }

  /** A template with one function, which has these properties beside the necessary ones. */
  private static String function(String properties) {
    return """
    Resources:
      Api:
        Type: AWS::Serverless::HttpApi
      OneFunction:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: java25
          CodeUri: one.zip
          Handler: a.B
    """
        + properties.indent(6);
  }

  @Test
  void readsTheFunctionsOfThisRepository() throws IOException {
    assertThat(own().functions())
        .extracting(FunctionDefinition::name)
        .containsExactly(
            "api", "webhook", "parse", "validate", "chunk", "embed", "finalize", "sweep");
  }

  @Test
  void resolvesReferencesToLocalValues() throws IOException {
    Map<String, String> parse = own().function("parse").environment();

    assertThat(parse)
        .containsEntry("DATABASE_URL", "jdbc:postgresql://127.0.0.1:7087/sluice")
        .containsEntry("VALIDATE_QUEUE_URL", "http://127.0.0.1:7081/000000000000/sluice-validate")
        .containsEntry("DOCUMENTS_BUCKET", "sluice-documents-000000000000")
        .containsEntry("WEBHOOK_URL", "http://127.0.0.1:7080/webhooks/llamaparse")
        .containsEntry(
            "WEBHOOK_SECRET", "arn:aws:secretsmanager:eu-west-1:000000000000:secret:sluice/webhook")
        .containsEntry(
            "JAVA_TOOL_OPTIONS",
            "-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:+ExitOnOutOfMemoryError");
    assertThat(own().outputs()).containsEntry("ApiUrl", "http://127.0.0.1:7080");
  }

  @Test
  void readsTriggersLimitsAndDefaults() throws IOException {
    FunctionDefinition embed = own().function("embed");

    assertThat(embed.memoryMegabytes()).isEqualTo(1024);
    assertThat(embed.timeout()).isEqualTo(Duration.ofSeconds(40));
    assertThat(embed.jsonLogs()).isTrue();
    assertThat(embed.code()).isAbsolute().endsWithRaw(Path.of("functions/embed/target/embed.zip"));
    assertThat(embed.queueTriggers())
        .containsExactly(
            new QueueTrigger(
                "arn:aws:sqs:eu-west-1:000000000000:sluice-embed",
                1,
                Duration.ZERO,
                true,
                OptionalInt.of(4)));
    assertThat(own().function("sweep").scheduleTriggers())
        .containsExactly(new ScheduleTrigger("EveryMinute", Duration.ofMinutes(1), 0));
  }

  @Test
  void readsRoutesAndWhoMayCallThem() throws IOException {
    assertThat(own().function("api").routeTriggers())
        .contains(new RouteTrigger("GET", "/jobs/{document_id}", true));
    assertThat(own().function("webhook").routeTriggers())
        .containsExactlyInAnyOrder(
            new RouteTrigger("POST", "/webhooks/llamaparse", false),
            new RouteTrigger("POST", "/webhooks/parser", false));
    assertThat(own().api().orElseThrow().authorizer().orElseThrow())
        .isEqualTo(
            new ApiDefinition.JwtAuthorizerDefinition(
                "Users", "http://127.0.0.1:7080", List.of("sluice")));
    assertThat(own().api().orElseThrow().throttle().orElseThrow())
        .isEqualTo(new ApiDefinition.Throttle(100, 200));
  }

  @Test
  void readsQueuesWithTheirDeadLetterQueues() throws IOException {
    QueueDefinition parse = own().queueByArn("arn:aws:sqs:eu-west-1:000000000000:sluice-parse");

    assertThat(parse.visibility()).isEqualTo(Duration.ofSeconds(240));
    assertThat(parse.retention()).isEqualTo(Duration.ofDays(14));
    assertThat(parse.redrive().orElseThrow())
        .isEqualTo(
            new QueueDefinition.Redrive(
                "arn:aws:sqs:eu-west-1:000000000000:sluice-parse-dead", 12));
  }

  @Test
  void readsTheBucketAndWhomItTells() throws IOException {
    BucketDefinition documents = own().buckets().getFirst();

    assertThat(documents.name()).isEqualTo("sluice-documents-000000000000");
    assertThat(documents.notifications())
        .singleElement()
        .satisfies(
            notification -> {
              assertThat(notification.queueArn()).endsWith(":sluice-parse");
              assertThat(notification.takes("raw/u/d/1.pdf")).isTrue();
              assertThat(notification.takes("parsed/u/d/1.md")).isFalse();
            });
  }

  @Test
  void readsSecretsStatedAndGenerated() throws IOException {
    List<SecretDefinition> secrets = own().secrets();

    assertThat(secrets)
        .filteredOn(secret -> secret.name().equals("sluice/llamaparse"))
        .singleElement()
        .satisfies(secret -> assertThat(secret.value()).contains("{\"api_key\": \"llx-local\"}"));
    assertThat(secrets)
        .filteredOn(secret -> secret.name().equals("sluice/database/api"))
        .singleElement()
        .satisfies(
            secret ->
                assertThat(secret.generation())
                    .contains(
                        new SecretDefinition.Generation(
                            "{\"username\": \"sluice_api\"}", "password", 40, true)));
  }

  @Test
  void evaluatesShortAndLongFormsAndConditions() {
    CloudTemplate template =
        read(
            """
            Parameters:
              Stage: {Type: String, Default: prod}
              Zones: {Type: CommaDelimitedList, Default: "a,b"}
            Conditions:
              IsProd: !Equals [!Ref Stage, prod]
              IsTest: {"Fn::Not": [{Condition: IsProd}]}
              Both: !And [!Condition IsProd, !Not [!Condition IsTest]]
              Any: !Or [!Condition IsTest, !Equals [a, b]]
            Resources:
              Queue:
                Type: AWS::SQS::Queue
                Properties:
                  QueueName: {"Fn::Sub": ["${Prefix}-${Stage}", {Prefix: !Select [1, !Ref Zones]}]}
                  DelaySeconds: !If [Both, 5, 0]
                  VisibilityTimeout: !If [Any, 7, !Ref AWS::NoValue]
              TestQueue:
                Type: AWS::SQS::Queue
                Condition: IsTest
            Outputs:
              Literal: {Value: !Sub "${!Stage} ${Queue.QueueName} ${AWS::Region}"}
              Part: {Value: !Select ["0", !Split ["-", !GetAtt Queue.QueueName]]}
              Url: {Value: !GetAtt [Queue, QueueUrl]}
              Joined: {Value: !Join ["+", [x, !Ref Queue]]}
            """);

    QueueDefinition queue = template.queues().getFirst();
    assertThat(template.queues()).hasSize(1);
    assertThat(queue.name()).isEqualTo("b-prod");
    assertThat(queue.delay()).isEqualTo(Duration.ofSeconds(5));
    assertThat(queue.visibility()).isEqualTo(Duration.ofSeconds(30));
    assertThat(template.outputs())
        .containsEntry("Literal", "${Stage} b-prod eu-west-1")
        .containsEntry("Part", "b")
        .containsEntry("Url", "http://127.0.0.1:7081/000000000000/b-prod")
        .containsEntry("Joined", "x+http://127.0.0.1:7081/000000000000/b-prod");
  }

  @Test
  void mergesGlobalsAsSamDoes() {
    CloudTemplate template =
        read(
            """
            Globals:
              Function:
                Runtime: java25
                Timeout: 5
                Environment: {Variables: {A: global, B: global}}
            """
                + function("Environment: {Variables: {B: own}}"));

    assertThat(template.function("one").timeout()).isEqualTo(Duration.ofSeconds(5));
    assertThat(template.function("one").environment()).isEqualTo(Map.of("A", "global", "B", "own"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          Layers: [x]                                                     | Properties.Layers: the local cloud does not act on this
          MemorySize: 64                                                  | MemorySize: 64 is not between 128 and 10240
          MemorySize: much                                                | MemorySize: 'much' is not a whole number
          Timeout: !Base64 x                                              | !Base64 is not supported locally
          Timeout: {"Fn::Base64": x}                                      | Fn::Base64 is not supported locally
          Description: !Ref Nobody                                        | nothing is called Nobody
          Description: !Ref AWS::NotificationARNs                         | AWS::NotificationARNs is not supported locally
          Description: !GetAtt Api.Nothing                                | GetAtt Api.Nothing is not supported locally
          Description: !GetAtt Api                                        | Fn::GetAtt needs a list of 2
          Description: !If [Unknown, a, b]                                | no condition is called Unknown
          Description: !Join [a]                                          | Fn::Join needs a list of 2
          Description: !Select [3, [a]]                                   | Fn::Select asks for item 3 of 1
          Description: !Join ["", text]                                   | a list is expected here
          Description: !Sub [a, b]                                        | Fn::Sub needs a mapping
          Description: {a: b}                                             | Description: text is expected here
          Environment: 5                                                  | Environment: a mapping is expected here
          Environment: {Variables: {A: [1]}}                              | A: text is expected here
          Events: {E: {Type: SQS, Properties: {Queue: q, FilterCriteria: x}}} | FilterCriteria: the local cloud does not act on this
          Events: {E: {Type: SQS, Properties: {Queue: q, BatchSize: 20}}} | needs a MaximumBatchingWindowInSeconds
          Events: {E: {Type: SQS, Properties: {BatchSize: 2}}}            | Queue is missing
          Events: {E: {Type: SNS, Properties: {}}}                        | events of type SNS are not run locally
          Events: {E: {Type: HttpApi, Properties: {Method: FETCH}}}       | FETCH is not an HTTP method
          Events: {E: {Type: HttpApi, Properties: {PayloadFormatVersion: "1.0"}}} | only 2.0 is run locally
          Events: {E: {Type: ScheduleV2, Properties: {ScheduleExpression: "cron(0 1 * * ? *)"}}} | is not run locally; rate(N minutes
          Events: {E: {Type: SQS, Properties: {Queue: q, FunctionResponseTypes: x}}} | FunctionResponseTypes: a list is expected here
          """)
  void refusesWhatItWouldNotRunAsAwsDoes(String property, String reason) {
    assertThatThrownBy(() -> read(function(property)))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining(reason);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          - x                                                             | it is not a mapping
          Resources: [                                                    | while parsing
          Mappings: {}                                                    | Mappings: the local cloud does not act on this
          Resources: {A: x}                                               | a mapping is expected here
          Resources: {A: {Type: AWS::SNS::Topic}}                         | AWS::SNS::Topic is not supported locally
          Resources: {A: {Type: AWS::SQS::Queue, Properties: {FifoQueue: true}}} | FifoQueue
          Resources: {A: {Type: AWS::SQS::Queue, Properties: {QueueName: !GetAtt A.Arn}}} | its name refers to itself
          Resources: {A: {Type: AWS::SQS::Queue, Properties: {QueueName: }}} | QueueName: the value is missing
          Resources: {A: {Type: AWS::SecretsManager::Secret, Properties: {}}} | either SecretString or GenerateSecretString
          Resources: {A: {Type: AWS::Serverless::HttpApi}, B: {Type: AWS::Serverless::HttpApi}} | serves one HTTP API, not 2
          Resources: {A: {Type: AWS::Serverless::HttpApi, Properties: {StageName: v1}}} | only the stage $default
          Resources: {A: {Type: AWS::Serverless::HttpApi, Properties: {Auth: {Authorizers: {U: {}, V: {}}}}}} | knows one authorizer
          Resources: {A: {Type: AWS::Serverless::HttpApi, Properties: {Auth: {DefaultAuthorizer: X, Authorizers: {U: {}}}}}} | DefaultAuthorizer must name U
          Resources: {A: {Type: AWS::Serverless::HttpApi, Properties: {Auth: {DefaultAuthorizer: U, Authorizers: {U: {IdentitySource: $request.querystring.t}}}}}} | tokens are read from
          Resources: {A: {Type: AWS::S3::Bucket, Properties: {VersioningConfiguration: {}}}} | VersioningConfiguration
          Resources: {A: {Type: AWS::S3::Bucket, Properties: {NotificationConfiguration: {QueueConfigurations: [{Event: s3:ObjectRemoved:*}]}}}} | s3:ObjectRemoved:* is not emitted locally
          Resources: {A: {Type: AWS::S3::Bucket, Properties: {NotificationConfiguration: {QueueConfigurations: [{Event: s3:ObjectCreated:*, Filter: {S3Key: {Rules: [{Name: infix}]}}}]}}}} | a rule is a prefix or a suffix
          Resources: {A: {Type: AWS::S3::Bucket, Properties: {NotificationConfiguration: {QueueConfigurations: [x]}}}} | a mapping is expected here
          Parameters: {P: {Type: String}}                                 | it has no default and no value was given
          Parameters: {P: {Type: String, Default: a, AllowedValues: [b]}} | 'a' is none of [b]
          Parameters: {P: {Type: AWS::SSM::Parameter::Value, Default: a}} | is not supported locally
          Outputs: {O: {Description: x}}                                  | Value is missing
          {Conditions: {C: !Condition C}, Resources: {A: {Type: AWS::SQS::Queue, Condition: C}}} | it refers to itself
          {Conditions: {C: text}, Resources: {A: {Type: AWS::SQS::Queue, Condition: C}}} | a condition is expected here
          {Conditions: {C: !Sub x}, Resources: {A: {Type: AWS::SQS::Queue, Condition: C}}} | Fn::Sub is not a condition
          {Conditions: {C: !And x}, Resources: {A: {Type: AWS::SQS::Queue, Condition: C}}} | Fn::And needs a list of conditions
          Resources: 5                                                    | a mapping is expected here
          """)
  void refusesATemplateThatItCannotRun(String text, String reason) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void refusesAValueForAParameterThatTheTemplateDoesNotHave() {
    assertThatThrownBy(
            () ->
                TemplateReader.read(
                    "Resources: {}", Path.of("/app"), LocalNames.of(SQS, API, Map.of("X", "y"))))
        .hasMessage("template.yaml, Parameters: no parameter is called X");
  }

  @Test
  void namesWhatIsNotThere() throws IOException {
    CloudTemplate template = own();

    assertThatThrownBy(() -> template.function("nobody"))
        .hasMessageContaining("no function is called nobody");
    assertThatThrownBy(() -> template.queueByArn("arn:x"))
        .hasMessageContaining("no queue has the ARN arn:x");
  }

  @Test
  void refusesARouteWithoutAnApi() {
    assertThatThrownBy(
            () ->
                read(
                    """
                    Resources:
                      OneFunction:
                        Type: AWS::Serverless::Function
                        Properties:
                          Runtime: java25
                          CodeUri: x
                          Handler: y
                          Events: {E: {Type: HttpApi, Properties: {}}}
                    """))
        .hasMessageContaining("the template has no AWS::Serverless::HttpApi");
  }
}
