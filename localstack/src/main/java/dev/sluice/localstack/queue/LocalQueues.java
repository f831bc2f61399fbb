package dev.sluice.localstack.queue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.concurrent.locks.LockSupport;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * Amazon SQS on 127.0.0.1, inside this process. Queues and messages, with their receive counts and
 * what is left of their visibility timeouts, outlive the process, however it ends.
 */
public final class LocalQueues implements AutoCloseable {
  /** Where the template lives locally; arns and queue URLs carry it. */
  public static final String REGION = "eu-west-1";

  public static final String ACCOUNT = "000000000000";

  private static final Duration LONGEST_RESTORE = Duration.ofSeconds(60);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(10);

  private final QueueServer server;
  private final SqsClient client;
  private final QueueCreation creation;

  private LocalQueues(QueueServer server) {
    this.server = server;
    this.client =
        SqsClient.builder()
            .endpointOverride(endpoint())
            .region(Region.of(REGION))
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
            .httpClient(UrlConnectionHttpClient.create())
            .build();
    this.creation = new QueueCreation(client);
  }

  /**
   * Starts the server with what an earlier run left in the directory.
   *
   * @param port on 127.0.0.1, or 0 for any free one
   */
  public static LocalQueues start(Path directory, int port) throws IOException {
    StoredQueues stored = stored(directory);
    LocalQueues queues = new LocalQueues(QueueServer.start(directory, port));
    try {
      queues.awaitRestored(stored);
      return queues;
    } catch (IOException | RuntimeException e) {
      queues.close();
      throw e;
    }
  }

  /**
   * Starts an empty server that keeps nothing, for tests that move the time.
   *
   * @param port on 127.0.0.1, or 0 for any free one
   * @param clock by which messages become visible and grow old
   */
  public static LocalQueues inMemory(int port, InstantSource clock) throws IOException {
    return new LocalQueues(QueueServer.inMemory(port, clock));
  }

  private static StoredQueues stored(Path directory) throws IOException {
    try {
      return StoredQueues.read(directory);
    } catch (SQLException e) {
      throw new IOException("The queues in " + directory + " cannot be read: " + e.getMessage(), e);
    }
  }

  /**
   * The server answers before it has read its file: a queue that is asked for then does not exist,
   * and one that is made then loses its messages.
   */
  private void awaitRestored(StoredQueues stored) throws IOException {
    long end = System.nanoTime() + LONGEST_RESTORE.toNanos();
    while (!isRestored(stored)) {
      if (System.nanoTime() > end) {
        throw new IOException(
            "The %d queues and %d messages of the last run could not be read within %d s."
                .formatted(stored.names().size(), stored.messages(), LONGEST_RESTORE.toSeconds()));
      }
      LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
    }
  }

  private boolean isRestored(StoredQueues stored) {
    if (!stored.names().stream().allMatch(name -> creation.url(name).isPresent())) {
      return false;
    }
    return stored.names().stream().mapToLong(this::messages).sum() >= stored.messages();
  }

  /** How many messages the queue has, visible or not. */
  private long messages(String name) {
    return client
        .getQueueAttributes(
            request ->
                request
                    .queueUrl(url(name))
                    .attributeNames(
                        QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                        QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE,
                        QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED))
        .attributes()
        .values()
        .stream()
        .mapToLong(Long::parseLong)
        .sum();
  }

  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.port());
  }

  /** The queue's ARN, as {@code !GetAtt Queue.Arn} gives it. */
  public static String arn(String name) {
    return "arn:aws:sqs:" + REGION + ":" + ACCOUNT + ":" + name;
  }

  /** The queue's URL, as {@code !Ref Queue} gives it. */
  public String url(String name) {
    return endpoint() + "/" + ACCOUNT + "/" + name;
  }

  /** A client of this server; it ends with it. */
  public SqsClient client() {
    return client;
  }

  /** Makes the queues that are missing and gives all of them their attributes; messages stay. */
  public void create(Collection<QueueDefinition> definitions) {
    creation.create(definitions);
    if (!server.database().isEmpty()) {
      watch();
    }
  }

  /** A queue's table is made a moment after its creation was answered. */
  private void watch() {
    long end = System.nanoTime() + LONGEST_RESTORE.toNanos();
    try {
      while (OneRowAMessage.watch(server.database()) < client.listQueues().queueUrls().size()) {
        if (System.nanoTime() > end) {
          throw new IllegalStateException("The queues were not stored in their file");
        }
        LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
      }
    } catch (SQLException e) {
      throw new IllegalStateException("The queues' file is broken: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    client.close();
    try {
      server.close();
    } catch (SQLException e) {
      throw new IllegalStateException("The queues' file was not closed: " + e.getMessage(), e);
    }
  }
}
