package dev.sluice.simulator.llamaparse;

import dev.sluice.simulator.document.ParsedPage;
import dev.sluice.simulator.document.Unparseable;
import dev.sluice.simulator.llamaparse.Job.Failure;
import dev.sluice.simulator.llamaparse.Job.Outcome;
import dev.sluice.simulator.llamaparse.Job.OwedCallback;
import dev.sluice.simulator.parser.DocumentParser;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Works off jobs, a few at once, and takes up unfinished ones after a restart. */
final class ParseQueue implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ParseQueue.class);

  private final JobStore jobs;
  private final SourceStore sources;
  private final ResultStore results;
  private final Callbacks callbacks;
  private final Map<Tier, Integer> creditsPerPage;
  private final Clock clock;
  private final ExecutorService parsers;
  private final LongAdder parses = new LongAdder();
  private final LongAdder pages = new LongAdder();
  private volatile boolean closed;

  ParseQueue(
      LlamaParseOptions options,
      JobStore jobs,
      SourceStore sources,
      ResultStore results,
      Callbacks callbacks) {
    this.jobs = jobs;
    this.sources = sources;
    this.results = results;
    this.callbacks = callbacks;
    this.creditsPerPage = options.creditsPerPage();
    this.clock = options.clock();
    this.parsers =
        Executors.newFixedThreadPool(
            options.parallelParses(), Thread.ofPlatform().name("parse-", 0).daemon().factory());
  }

  /** Takes up what an earlier process left: jobs to parse and callbacks to deliver. */
  void resume() {
    for (Job job : jobs.newestFirst().reversed()) {
      callbacks.deliver(job, job.owed());
      if (!job.status().isFinal()) {
        LOG.info("job {} is taken up again", job.id());
        enqueue(job.id());
      }
    }
  }

  void submit(Job job) {
    List<OwedCallback> owed = owed(job, "parse.pending");
    jobs.add(job.owing(owed));
    callbacks.deliver(job, owed);
    enqueue(job.id());
  }

  /** Stops a job; a job that has ended stays as it is. */
  Optional<Job> cancel(String id) {
    return change(id, job -> job.cancelled(clock.instant()), "parse.cancelled");
  }

  /** Documents really parsed since the start: cache hits are not. */
  long parses() {
    return parses.sum();
  }

  /** Pages of those documents. */
  long pages() {
    return pages.sum();
  }

  /** From now on no job ends: what is open is left to the next start. */
  void stop() {
    closed = true;
    parsers.shutdown();
  }

  /** Waits for the parsers to put down what they are at, a page at most. */
  @Override
  public void close() {
    stop();
    Threads.await(parsers);
  }

  private void enqueue(String id) {
    parsers.execute(() -> run(id));
  }

  private void run(String id) {
    Optional<Job> started =
        closed
            ? Optional.empty()
            : change(id, job -> job.running(clock.instant()), "parse.running");
    if (started.isEmpty() || started.get().status() != JobStatus.RUNNING) {
      return;
    }
    try {
      Outcome outcome = parse(withSource(started.get()));
      end(id, job -> job.completed(outcome, clock.instant()));
    } catch (Unparseable e) {
      fail(id, e.reason().name(), e.getMessage());
    } catch (SourceStore.Unavailable e) {
      fail(id, "SOURCE_UNAVAILABLE", e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (CancellationException e) {
      LOG.debug("job {}: {}", id, e.getMessage());
    } catch (IOException | RuntimeException | StackOverflowError e) {
      if (closed) {
        return;
      }
      LOG.error("job {} ended in a defect of the simulator", id, e);
      fail(id, "INTERNAL_ERROR", "The parser failed. This is not the document's fault: try again.");
    }
  }

  private Job withSource(Job job)
      throws SourceStore.Unavailable, IOException, InterruptedException {
    String url = job.submission().sourceUrl();
    if (job.source() != null || url == null) {
      return job;
    }
    String file = sources.fetch(url);
    return jobs.update(job.id(), current -> current.withSource(file, clock.instant()))
        .orElseThrow();
  }

  private Outcome parse(Job job) throws Unparseable, IOException {
    Path file = sources.path(requireSource(job));
    String sha256 = Digest.sha256(file);
    Submission submission = job.submission();
    Optional<Outcome> cached =
        submission.disableCache()
            ? Optional.empty()
            : jobs.cached(sha256, submission.optionsHash());
    if (cached.isPresent()) {
      Outcome hit = cached.get();
      return new Outcome(sha256, hit.resultId(), hit.pages(), 0, 0);
    }
    List<ParsedPage> all = DocumentParser.parse(file, job.name(), () -> isStopped(job.id()));
    List<ParsedPage> parsed = submission.pages().pick(all);
    results.put(job.id(), parsed);
    parses.increment();
    pages.add(parsed.size());
    int failed = (int) parsed.stream().filter(page -> !page.success()).count();
    long credits = (long) creditsPerPage.getOrDefault(submission.tier(), 0) * parsed.size();
    return new Outcome(sha256, job.id(), parsed.size(), failed, credits);
  }

  private boolean isStopped(String id) {
    return closed || jobs.find(id).filter(job -> !job.status().isFinal()).isEmpty();
  }

  private static String requireSource(Job job) {
    String source = job.source();
    if (source == null) {
      throw new IllegalStateException("job " + job.id() + " has neither bytes nor an address");
    }
    return source;
  }

  private void fail(String id, String code, @Nullable String message) {
    Failure failure = new Failure(code, message == null ? code : message);
    end(id, job -> job.failed(failure, clock.instant()));
  }

  /**
   * Ends a job. After {@link #stop()} nothing ends: a fetch that was cut off looks like a source
   * that is gone, and the job is taken up again by the next start.
   */
  private void end(String id, UnaryOperator<Job> ending) {
    if (closed) {
      return;
    }
    String source = jobs.find(id).map(Job::source).orElse(null);
    change(id, ending, null).ifPresent(job -> forget(job, source));
  }

  /** Bytes that came by address are not needed again; uploaded files may be parsed again. */
  private void forget(Job job, @Nullable String source) {
    try {
      if (source != null && job.submission().fileId() == null) {
        sources.delete(source);
      }
    } catch (IOException e) {
      LOG.warn("job {}: its source stays on disk: {}", job.id(), e.getMessage());
    }
  }

  /**
   * Moves a job that has not ended and calls back.
   *
   * @param event what to tell, null for what the job's end is called
   */
  private Optional<Job> change(String id, UnaryOperator<Job> move, @Nullable String event) {
    List<OwedCallback> owed = new ArrayList<>();
    Optional<Job> changed =
        jobs.update(
            id,
            job -> {
              if (job.status().isFinal()) {
                return job;
              }
              Job moved = move.apply(job);
              owed.addAll(owed(moved, event == null ? endOf(moved) : event));
              return moved.owing(owed);
            });
    changed.ifPresent(job -> callbacks.deliver(job, owed));
    return changed;
  }

  private static String endOf(Job job) {
    Outcome outcome = job.outcome();
    if (outcome == null) {
      return "parse.error";
    }
    return outcome.isPartial() ? "parse.partial_success" : "parse.success";
  }

  private static List<OwedCallback> owed(Job job, String event) {
    List<Webhook> webhooks = job.submission().webhooks();
    List<OwedCallback> owed = new ArrayList<>();
    for (int i = 0; i < webhooks.size(); i++) {
      if (webhooks.get(i).wants(event)) {
        owed.add(new OwedCallback(UUID.randomUUID().toString(), event, i));
      }
    }
    return owed;
  }
}
