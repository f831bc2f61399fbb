package dev.sluice.localstack;

import dev.sluice.localstack.postgres.DatabaseMigrator;
import dev.sluice.localstack.postgres.LocalPostgres;
import dev.sluice.localstack.template.CloudTemplate;
import dev.sluice.simulator.admin.AdminServer;
import dev.sluice.simulator.clock.Timer;
import dev.sluice.simulator.fault.Faults;
import dev.sluice.simulator.llamaparse.LlamaParseSimulator;
import dev.sluice.simulator.openai.OpenAiSimulator;
import java.io.IOException;
import java.net.URI;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.flywaydb.core.api.exception.FlywayValidateException;
import software.amazon.awssdk.services.sqs.SqsClient;

/** What the functions call: database, queues, objects, secrets, and the providers. */
public final class CloudServers {
  private static final String DATABASE = "sluice";

  private final LocalPostgres postgres;
  private final AwsServices aws;
  private final Providers providers;
  private final Faults faults;
  private final AdminServer admin;

  private CloudServers(
      LocalPostgres postgres,
      AwsServices aws,
      Providers providers,
      Faults faults,
      AdminServer admin) {
    this.postgres = postgres;
    this.aws = aws;
    this.providers = providers;
    this.faults = faults;
    this.admin = admin;
  }

  /** Starts them side by side; returns when all answer and the database has its newest schema. */
  static CloudServers start(CloudOptions options, CloudTemplate template, StartUp startUp)
      throws IOException, InterruptedException {
    CompletableFuture<Map<String, String>> passwords = new CompletableFuture<>();
    Faults faults = new Faults(Timer.REAL);
    faults.begin(options.simulators().faults());
    CompletableFuture<LocalPostgres> postgres =
        startUp.begin("database", () -> startDatabase(options, startUp, passwords));
    CompletableFuture<Providers> providers =
        startUp.begin(
            Providers.title(options.real()), () -> Providers.start(options, faults, startUp));
    try {
      AwsServices aws =
          options.services().isPresent()
              ? RemoteServices.at(options.services().get(), template, startUp, passwords)
              : OwnServices.start(options, template, startUp, passwords);
      AdminServer admin =
          startUp.keep(
              "the simulators' admin",
              AdminServer.start(options.ports().admin(), faults, StartUp.join(providers).openAi()));
      return new CloudServers(StartUp.join(postgres), aws, StartUp.join(providers), faults, admin);
    } finally {
      passwords.cancel(false);
    }
  }

  private static LocalPostgres startDatabase(
      CloudOptions options, StartUp startUp, CompletableFuture<Map<String, String>> passwords)
      throws SQLException, IOException, InterruptedException {
    LocalPostgres.Settings settings =
        new LocalPostgres.Settings(
            options.state().resolve("postgres"),
            options.ports().postgres(),
            options.durable(),
            options.environment(),
            options.progress()::waiting);
    LocalPostgres postgres = startUp.keep("the database", LocalPostgres.start(settings));
    migrate(postgres, StartUp.join(passwords));
    return postgres;
  }

  private static void migrate(LocalPostgres postgres, Map<String, String> passwords)
      throws SQLException {
    try {
      new DatabaseMigrator(postgres.superuser()).migrate(DATABASE, passwords);
    } catch (FlywayValidateException e) {
      throw new LocalCloudException(
          "The database was made by other migrations than these, as happens between two versions of"
              + " a migration that is being written: ./sluice reset begins with an empty one.",
          e);
    }
  }

  /** The database, as its superuser. */
  public LocalPostgres postgres() {
    return postgres;
  }

  /**
   * The simulated parser.
   *
   * @throws java.util.NoSuchElementException if it is the real one
   */
  public LlamaParseSimulator llamaParse() {
    return providers.llamaParse().orElseThrow();
  }

  /**
   * The simulated embedding provider.
   *
   * @throws java.util.NoSuchElementException if it is the real one
   */
  public OpenAiSimulator openAi() {
    return providers.openAi().orElseThrow();
  }

  /** What goes wrong with the simulated providers. */
  public Faults faults() {
    return faults;
  }

  /** A client of the queues. */
  public SqsClient sqs() {
    return aws.sqs();
  }

  /** The URL of the queue with this ARN. */
  public String queueUrl(String arn) {
    return aws.queueUrl(arn);
  }

  String jdbc() {
    return postgres.superuser().url(DATABASE);
  }

  Map<String, String> functionEnvironment() {
    return Map.of(
        "AWS_ACCESS_KEY_ID", aws.accessKey(),
        "AWS_SECRET_ACCESS_KEY", aws.secretKey(),
        "AWS_ENDPOINT_URL_SQS", aws.sqsEndpoint().toString(),
        "AWS_ENDPOINT_URL_S3", aws.s3Endpoint().toString(),
        "AWS_ENDPOINT_URL_SECRETS_MANAGER", aws.secretsEndpoint().toString());
  }

  CloudEndpoints endpoints(URI api, URI lambda) {
    return new CloudEndpoints(
        api,
        aws.sqsEndpoint(),
        aws.s3Endpoint(),
        aws.secretsEndpoint(),
        providers.llamaParseUrl(),
        providers.openAiUrl(),
        lambda,
        admin.baseUrl(),
        jdbc());
  }
}
