package dev.sluice.parse;

import com.fasterxml.jackson.core.JacksonException;
import dev.sluice.document.StoragePath;
import dev.sluice.storage.DocumentStorage;
import io.micronaut.context.annotation.Property;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Brings a result from the parser into storage while it comes in. It is asked for page by page and
 * not from its signed address: only so are the pages' numbers known, and which of them are missing.
 */
@Singleton
final class FetchResult {
  private static final String MARKDOWN = "text/markdown; charset=utf-8";

  private final DocumentStorage storage;
  private final ParserKey key;
  private final String jobs;
  private final String kind;
  private final Duration longest;

  FetchResult(
      DocumentStorage storage,
      ParserKey key,
      @Property(name = "micronaut.http.services.llamaparse.url") String url,
      ParserOptions options) {
    this.storage = storage;
    this.key = key;
    this.jobs = url + "/api/v2/parse/";
    this.kind = options.makesMarkdown() ? "markdown" : "text";
    this.longest = options.downloadTimeout();
  }

  /**
   * Copies the pages of a job that is completed.
   *
   * @throws ParserFault.JobGone if the parser no longer keeps them
   * @throws ParserFault if it does not give them, or not whole: nothing is stored then
   */
  CopiedPages to(StoragePath path, String parseJobId) {
    var timeout = ParserTime.upTo(longest);
    var end = System.nanoTime() + timeout.toNanos();
    try (var http = HttpClient.newHttpClient()) {
      var answer = http.send(request(parseJobId, timeout), BodyHandlers.ofInputStream());
      try (var body = answer.body()) {
        requireGood(answer, parseJobId);
        closeAfter(Duration.ofNanos(end - System.nanoTime()), body);
        return storage.put(path, MARKDOWN, object -> PageCopy.copy(body, kind, object));
      }
    } catch (JacksonException e) {
      // Its own message may quote the document.
      throw notFetched(new IOException("no pages at " + e.getLocation().offsetDescription()));
    } catch (IOException e) {
      throw notFetched(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw notFetched(e);
    }
  }

  private HttpRequest request(String parseJobId, Duration timeout) {
    return HttpRequest.newBuilder(URI.create(jobs + parseJobId + "?expand=" + kind))
        .header("Authorization", "Bearer " + key.value())
        .timeout(timeout)
        .GET()
        .build();
  }

  private static void requireGood(HttpResponse<?> answer, String parseJobId) {
    int status = answer.statusCode();
    if (status == 404) {
      throw new ParserFault.JobGone(parseJobId);
    }
    if (status != 200) {
      throw ParserFaults.ofStatus(status, ".", null);
    }
  }

  /** The request's own timeout ends with the headers. */
  private static void closeAfter(Duration time, InputStream body) {
    CompletableFuture.delayedExecutor(time.toMillis(), TimeUnit.MILLISECONDS)
        .execute(
            () -> {
              try {
                body.close();
              } catch (IOException e) {
                // Whoever reads it sees the same.
              }
            });
  }

  private static ParserFault notFetched(Exception cause) {
    return new ParserFault.Unavailable(
        "parse_result_unavailable", "The parser's result could not be fetched.", false, cause);
  }
}
