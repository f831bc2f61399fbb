package dev.sluice.localstack;

import dev.sluice.fixture.TestDatabase;
import dev.sluice.localstack.objects.LocalObjects;
import dev.sluice.localstack.postgres.EphemeralPostgres;
import dev.sluice.localstack.queue.LocalQueues;
import dev.sluice.localstack.queue.QueueDefinition;
import dev.sluice.localstack.secrets.LocalSecrets;
import dev.sluice.localstack.secrets.SecretDefinition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * SQS, S3 and Secrets Manager for a function's tests: one of each in a process, started when the
 * first test asks and ended with the process. Databases are a test's own.
 */
public final class TestServers {
  public static final String BUCKET = "documents";

  private static final List<String> STAGES =
      List.of("parse", "validate", "chunk", "embed", "finalize");

  private static @Nullable TestServers shared;

  private final LocalQueues queues;
  private final LocalObjects objects;
  private final LocalSecrets secrets;

  private TestServers(Path directory) throws IOException {
    queues = LocalQueues.start(directory.resolve("queues"), 0);
    createQueues();
    objects =
        LocalObjects.start(
            new LocalObjects.Settings(directory.resolve("objects"), 0, "local", "local"),
            created -> {});
    objects.createBucket(BUCKET);
    secrets = LocalSecrets.start(directory.resolve("secrets.json"), 0);
    define("openai", "{\"api_key\": \"sk-local\"}");
    define("llamaparse", "{\"api_key\": \"llx-local\"}");
  }

  /** The process's servers; AWS clients that are made from now on find them by themselves. */
  public static synchronized TestServers shared() {
    if (shared == null) {
      try {
        Path directory = Files.createTempDirectory("sluice-test-servers");
        TestServers started = new TestServers(directory);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> started.close(directory)));
        started.announce();
        shared = started;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return shared;
  }

  /** A migrated database; the caller closes it. */
  public static TestDatabase database() {
    var ephemeral = EphemeralPostgres.newDatabase();
    return new TestDatabase(
        ephemeral.url(), ephemeral.superuser().password(), ephemeral::connect, ephemeral);
  }

  private void announce() {
    System.setProperty("aws.region", LocalQueues.REGION);
    System.setProperty("aws.accessKeyId", "local");
    System.setProperty("aws.secretAccessKey", "local");
    System.setProperty("aws.endpointUrlSqs", queues.endpoint().toString());
    System.setProperty("aws.endpointUrlS3", objects.endpoint().toString());
    System.setProperty("aws.endpointUrlSecretsManager", secrets.endpoint().toString());
  }

  /**
   * What the template gives a function, as far as it names these servers.
   *
   * @param role the function's name; its database secret is {@code database/ROLE}
   * @param databasePassword of the function's role
   * @param more what only this function or this test needs
   */
  public static Map<String, Object> environment(
      String role, String databasePassword, Map<String, Object> more) {
    TestServers servers = shared();
    servers.define(
        "database/" + role,
        "{\"username\": \"sluice_%s\", \"password\": \"%s\"}".formatted(role, databasePassword));
    Map<String, Object> all = new HashMap<>();
    STAGES.forEach(
        stage -> {
          String name = stage.toUpperCase(Locale.ROOT);
          all.put(name + "_QUEUE_URL", servers.queues.url(stage));
          all.put(name + "_DEAD_LETTERS_URL", servers.queues.url(stage + "-dead"));
        });
    all.put("DATABASE_SECRET", "database/" + role);
    all.put("DOCUMENTS_BUCKET", BUCKET);
    all.put("OPENAI_SECRET", "openai");
    all.put("LLAMAPARSE_SECRET", "llamaparse");
    all.put("WEBHOOK_SECRET", "webhook");
    all.putAll(more);
    return all;
  }

  /** Makes a secret, or gives it another value. */
  public void define(String name, String json) {
    try {
      secrets.define(List.of(new SecretDefinition.Literal(name, json)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public LocalQueues queues() {
    return queues;
  }

  /** Makes the stages' queues that are missing, and their dead-letter queues. */
  public void createQueues() {
    queues.create(
        STAGES.stream()
            .flatMap(stage -> Stream.of(stage, stage + "-dead"))
            .map(QueueDefinition::withDefaults)
            .toList());
  }

  private void close(Path directory) {
    Stream.<AutoCloseable>of(secrets, objects, queues).forEach(TestServers::closed);
    try {
      Files.walkFileTree(directory, new Removal());
    } catch (IOException e) {
      // The system empties its temporary folder by itself.
    }
  }

  private static void closed(AutoCloseable server) {
    try {
      server.close();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static final class Removal extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.delete(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure)
        throws IOException {
      Files.delete(folder);
      return FileVisitResult.CONTINUE;
    }
  }
}
