package dev.sluice.localstack.lambda;

import dev.sluice.localstack.lambda.InvocationResult.Failed;
import dev.sluice.localstack.lambda.InvocationResult.Succeeded;
import dev.sluice.localstack.template.QueueTrigger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.model.Message;

/**
 * Receives from a queue and invokes a function, as Lambda's event source mapping does: messages
 * that were handled are deleted, the others appear again after the queue's visibility timeout.
 */
final class EventSourceMapping implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EventSourceMapping.class);

  /** The largest event that Lambda takes; 6 MB as documented. */
  private static final int LARGEST_EVENT = 6_291_456;

  /**
   * Short, where AWS waits 20 s: a stop waits for the receive at hand, since a message that a
   * closed connection received would stay hidden, and the local SQS server does not wake every
   * waiting receive when a message becomes visible again.
   */
  static final Duration LONG_POLL = Duration.ofSeconds(1);

  /** Between two receives that do not wait and that nobody has asked for. */
  private static final Duration SHORT_POLL_PAUSE = Duration.ofSeconds(1);

  private static final Duration PAUSE_AFTER_ERROR = Duration.ofSeconds(1);

  /** What invokes the function. */
  interface Target {
    InvocationResult invoke(byte[] event) throws InterruptedException;
  }

  private final String function;
  private final MessageSource queue;
  private final QueueTrigger trigger;
  private final Duration longPoll;
  private final Target target;
  private final int concurrency;
  private final Semaphore places;
  private final AtomicInteger inHand = new AtomicInteger();
  private final PollCount polls = new PollCount();
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final ExecutorService threads;
  private final Thread poller;

  EventSourceMapping(
      String function, MessageSource queue, QueueTrigger trigger, int concurrency, Target target) {
    this(function, queue, trigger, concurrency, LONG_POLL, target);
  }

  /**
   * @param longPoll how long a receive waits for a message; zero for tests that say when to look
   */
  EventSourceMapping(
      String function,
      MessageSource queue,
      QueueTrigger trigger,
      int concurrency,
      Duration longPoll,
      Target target) {
    this.function = function;
    this.queue = queue;
    this.trigger = trigger;
    this.longPoll = longPoll;
    this.target = target;
    this.concurrency = concurrency;
    this.places = new Semaphore(concurrency);
    this.threads =
        Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("batch-" + function + "-", 0).factory());
    this.poller = Thread.ofVirtual().name("poll-" + function).unstarted(this::poll);
  }

  void start() {
    poller.start();
  }

  /**
   * Receives only when the function has a place free: a message in hand is hidden from everyone.
   */
  private void poll() {
    try {
      while (isOpen()) {
        places.acquire();
        polls.begin();
        List<Message> batch = receiveOrPause();
        inHand.addAndGet(batch.isEmpty() ? 0 : 1);
        polls.end();
        if (!batch.isEmpty()) {
          threads.execute(() -> handleAndRelease(batch));
          continue;
        }
        places.release();
        if (longPoll.isZero()) {
          polls.pause(SHORT_POLL_PAUSE);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private List<Message> receiveOrPause() throws InterruptedException {
    try {
      List<Message> batch = receive();
      if (!isOpen()) {
        queue.giveBack(batch);
        return List.of();
      }
      return batch;
    } catch (SdkException e) {
      if (isOpen()) {
        LOG.warn(
            "function {} cannot receive from {}; it tries again in {} s: {}",
            function,
            queue.queueUrl(),
            PAUSE_AFTER_ERROR.toSeconds(),
            e.getMessage());
        var unused = stopping.await(PAUSE_AFTER_ERROR.toMillis(), TimeUnit.MILLISECONDS);
      }
      return List.of();
    }
  }

  private List<Message> receive() {
    List<Message> batch =
        new ArrayList<>(
            queue.receive(Math.min(trigger.batchSize(), MessageSource.LARGEST_BATCH), longPoll));
    long end = System.nanoTime() + trigger.batchingWindow().toNanos();
    while (!batch.isEmpty() && batch.size() < trigger.batchSize() && isOpen()) {
      Duration left = Duration.ofNanos(end - System.nanoTime());
      if (!left.isPositive()) {
        break;
      }
      int wanted = Math.min(trigger.batchSize() - batch.size(), MessageSource.LARGEST_BATCH);
      batch.addAll(queue.receive(wanted, left.compareTo(longPoll) < 0 ? left : longPoll));
    }
    return batch;
  }

  private void handleAndRelease(List<Message> batch) {
    try {
      handle(batch);
    } catch (SdkException e) {
      LOG.warn(
          "function {} handled messages that could not be deleted; they will be delivered again:"
              + " {}",
          function,
          e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      inHand.decrementAndGet();
      places.release();
    }
  }

  /** Wants a look into the queue now, and returns what {@link #awaitPoll} waits for. */
  long wantPoll() {
    return polls.want();
  }

  /** Returns when it has looked, or when the function has no place free. */
  void awaitPoll(long wanted) throws InterruptedException {
    polls.await(wanted, () -> isOpen() && places.availablePermits() > 0);
  }

  /** Whether no message was received that is not handled yet. */
  boolean isQuiet() {
    return inHand.get() == 0;
  }

  private void handle(List<Message> batch) throws InterruptedException {
    byte[] event = SqsEvent.of(batch, trigger.queueArn());
    if (event.length > LARGEST_EVENT && batch.size() > 1) {
      handle(batch.subList(0, batch.size() / 2));
      handle(batch.subList(batch.size() / 2, batch.size()));
      return;
    }
    InvocationResult result = target.invoke(event);
    List<Message> handled = handled(batch, result);
    queue.delete(handled);
    if (!isOpen() && result instanceof Failed) {
      queue.giveBack(batch);
    }
  }

  private List<Message> handled(List<Message> batch, InvocationResult result) {
    if (!(result instanceof Succeeded success)) {
      return List.of();
    }
    if (!trigger.reportsItemFailures()) {
      return batch;
    }
    Set<String> ids = new HashSet<>();
    batch.forEach(message -> ids.add(message.messageId()));
    Optional<Set<String>> failures = SqsEvent.failures(success.payload(), ids);
    if (failures.isEmpty()) {
      LOG.warn(
          "function {} answered with malformed batchItemFailures; all {} messages count as failed",
          function,
          batch.size());
      return List.of();
    }
    return batch.stream().filter(message -> !failures.get().contains(message.messageId())).toList();
  }

  private boolean isOpen() {
    return stopping.getCount() > 0;
  }

  /** Receives nothing more after the receive at hand; what is being handled goes on. */
  void stop() {
    stopping.countDown();
  }

  /** Waits for what is being handled. */
  boolean awaitQuiet(Duration most) throws InterruptedException {
    return poller.join(most)
        && places.tryAcquire(concurrency, most.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    stop();
    poller.interrupt();
    threads.shutdownNow();
  }
}
