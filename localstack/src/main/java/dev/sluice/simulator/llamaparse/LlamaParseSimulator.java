package dev.sluice.simulator.llamaparse;

import dev.sluice.simulator.http.HttpFront;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * LlamaParse v2 over real HTTP. Jobs, sources and results live in a directory: a simulator that is
 * killed and started again on the same directory goes on where it was, as the real service does not
 * stop when its client does.
 */
public final class LlamaParseSimulator implements AutoCloseable {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT_TIMEOUT)
          .followRedirects(HttpClient.Redirect.NORMAL)
          .build();
  private final JobStore jobs;
  private final Callbacks callbacks;
  private final ParseQueue queue;
  private final HttpFront front;

  private LlamaParseSimulator(LlamaParseOptions options) throws IOException {
    Path state = Files.createDirectories(options.stateDirectory());
    jobs = new JobStore(state, options.clock(), options.retention());
    SourceStore sources = new SourceStore(state, http);
    ResultStore results = new ResultStore(state);
    ResultUrls urls = new ResultUrls(state, options.resultUrlLifetime(), options.clock());
    callbacks = new Callbacks(http, jobs, options);
    queue = new ParseQueue(options, jobs, sources, results, callbacks);
    Api api =
        new Api(
            options,
            new SubmissionApi(options, jobs, sources, queue),
            new JobApi(jobs, results, urls, queue, this::baseUrl));
    results.keepOnly(jobs.resultIds());
    sources.deleteOlderThan(options.clock().instant().minus(options.retention()));
    front = HttpFront.start(options.port(), options.behaviour(), api::answer);
    queue.resume();
  }

  public static LlamaParseSimulator start(LlamaParseOptions options) throws IOException {
    return new LlamaParseSimulator(options);
  }

  public URI baseUrl() {
    return front.baseUrl();
  }

  /** What was asked of it since the start, and what its jobs on disk cost. */
  public Counters counters() {
    return new Counters(
        front.requests(), queue.parses(), queue.pages(), callbacks.attempts(), jobs.creditsUsed());
  }

  /** Whether every job has ended and every callback was delivered or given up. */
  public boolean isIdle() {
    return jobs.newestFirst().stream().allMatch(Job::isOver);
  }

  /**
   * Counts since the start.
   *
   * @param requests all requests, answered well or not
   * @param parses documents really parsed; cache hits are not
   * @param pages pages of those documents
   * @param callbackAttempts callbacks sent, delivered or not
   * @param credits what all jobs that are kept cost, also those of earlier processes
   */
  public record Counters(
      long requests, long parses, long pages, long callbackAttempts, long credits) {}

  @Override
  public void close() {
    front.close();
    queue.stop();
    callbacks.close();
    http.shutdownNow();
    queue.close();
  }
}
