package dev.sluice.localstack.objects;

import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/** Brings owed notifications to the listener, one at a time, until it takes them. */
final class EventDelivery implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EventDelivery.class);

  private final BlobStore store;
  private final EventJournal journal;
  private final ObjectCreatedListener listener;
  private final ScheduledThreadPoolExecutor thread;

  EventDelivery(BlobStore store, EventJournal journal, ObjectCreatedListener listener) {
    this.store = store;
    this.journal = journal;
    this.listener = listener;
    this.thread =
        new ScheduledThreadPoolExecutor(
            1, work -> Thread.ofPlatform().daemon().name("object-events").unstarted(work));
    thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  void deliver(PendingEvent event) {
    thread.execute(() -> attempt(event));
  }

  private void attempt(PendingEvent event) {
    try {
      HeadObjectResponse object = store.blobMetadataIfPresent(event.bucket(), event.key());
      if (object != null) {
        listener.created(
            new ObjectCreated(
                event.eventName(),
                event.bucket(),
                event.key(),
                object.contentLength(),
                object.eTag().replace("\"", "")));
      }
      journal.crossOut(event);
    } catch (Exception e) {
      LOG.warn(
          "The notification of {}/{} was not taken and comes again in 1 s: {}",
          event.bucket(),
          event.key(),
          e.toString());
      retry(event);
    }
  }

  private void retry(PendingEvent event) {
    if (!thread.isShutdown()) {
      thread.schedule(() -> attempt(event), 1, TimeUnit.SECONDS);
    }
  }

  /**
   * Lets the attempt in progress end; what is still owed stays in the journal for the next start.
   */
  @Override
  public void close() {
    thread.shutdown();
    try {
      if (!thread.awaitTermination(5, TimeUnit.SECONDS)) {
        thread.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
