package dev.sluice.localstack.objects;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Amazon S3 on 127.0.0.1, inside this process, with its objects as files. Requests must be signed
 * (Signature Version 4); conditions and checksums are enforced; each object that arrives is
 * announced at least once, also if the process is killed between the two.
 */
public final class LocalObjects implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LocalObjects.class);

  /** A write that is cut off leaves no object; idle connections would be waited for, too. */
  private static final Duration END_OF_REQUESTS = Duration.ofMillis(250);

  private final S3Proxy server;
  private final BlobStore store;
  private final EventDelivery delivery;

  private LocalObjects(S3Proxy server, BlobStore store, EventDelivery delivery) {
    this.server = server;
    this.store = store;
    this.delivery = delivery;
  }

  /**
   * What to serve and to whom.
   *
   * @param directory holds the objects and the notifications that are owed
   * @param port on 127.0.0.1, or 0 for any free one
   */
  public record Settings(Path directory, int port, String accessKeyId, String secretAccessKey) {
    @Override
    public String toString() {
      return "Settings[directory=" + directory + ", port=" + port + "]";
    }
  }

  /** Starts the server, and delivers what an earlier process still owed to the listener. */
  public static LocalObjects start(Settings settings, ObjectCreatedListener listener)
      throws IOException {
    Path files = Files.createDirectories(settings.directory().resolve("files"));
    EventJournal journal = new EventJournal(settings.directory().resolve("events"));
    BlobStore store = new FilesystemNio2BlobStore(files.toString());
    EventDelivery delivery = new EventDelivery(store, journal, listener);
    journal.left().forEach(delivery::deliver);
    S3Proxy server =
        S3Proxy.builder()
            .endpoint(URI.create("http://127.0.0.1:" + settings.port()))
            .awsAuthentication(
                AuthenticationType.AWS_V4, settings.accessKeyId(), settings.secretAccessKey())
            .blobStore(new NotifyingBlobStore(store, journal, delivery))
            .stopTimeout(END_OF_REQUESTS.toMillis())
            .build();
    start(server, settings.port(), delivery);
    return new LocalObjects(server, store, delivery);
  }

  private static void start(S3Proxy server, int port, EventDelivery delivery) throws IOException {
    try {
      server.start();
    } catch (Exception e) {
      delivery.close();
      throw new IOException("Port " + port + ", which the objects should get, is taken.", e);
    }
  }

  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getPort());
  }

  /** Makes a bucket if it is not there. */
  public void createBucket(String name) {
    if (!store.containerExists(name)) {
      store.createContainer(name);
    }
  }

  /** Ends requests and the delivery in progress; objects and owed notifications stay. */
  @Override
  public void close() {
    try {
      server.stop();
    } catch (TimeoutException e) {
      LOG.debug("Connections were open when the object server stopped", e);
    } catch (Exception e) {
      throw new IllegalStateException("The object server did not stop: " + e.getMessage(), e);
    } finally {
      delivery.close();
    }
  }
}
