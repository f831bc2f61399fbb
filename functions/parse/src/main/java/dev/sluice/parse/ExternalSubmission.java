package dev.sluice.parse;

import dev.sluice.callback.CallbackHeader;
import dev.sluice.callback.CallbackKeys;
import dev.sluice.callback.CallbackScheme;
import dev.sluice.callback.StandardSecret;
import dev.sluice.postgres.JobRow;
import dev.sluice.storage.DocumentStorage;
import io.micronaut.context.annotation.Property;
import io.micronaut.serde.ObjectMapper;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/** The request that hands a document to an external parser. */
@Singleton
final class ExternalSubmission {
  private static final Duration TIMEOUT = Duration.ofSeconds(15);

  /** Any other refusal is of the address, the permission or the moment, which a person can mend. */
  private static final Set<Integer> AGAINST_THE_DOCUMENT = Set.of(400, 413, 415, 422);

  private final String url;
  private final ParserOptions options;
  private final CallbackKeys keys;
  private final DocumentStorage storage;
  private final ObjectMapper json;
  private final Clock clock;

  ExternalSubmission(
      @Property(name = "sluice.external-parser-url") String url,
      ParserOptions options,
      CallbackKeys keys,
      DocumentStorage storage,
      ObjectMapper json,
      Clock clock) {
    this.url = url;
    this.options = options;
    this.keys = keys;
    this.storage = storage;
    this.json = json;
    this.clock = clock;
  }

  /**
   * Submits the job's bytes.
   *
   * @param keyId the master key that the job's row names
   * @throws ParserFault if the parser did not take it, or did not say so
   */
  void send(JobRow job, String keyId) {
    ParserTime.requireFor(TIMEOUT);
    int status = status(request(job, keyId));
    if (AGAINST_THE_DOCUMENT.contains(status)) {
      throw new ParserFault.Refused(
          "parse_refused", "The parser refused the document with status " + status + ".", null);
    }
    if (status >= 300) {
      throw unavailable(new IOException("status " + status), true);
    }
  }

  private int status(ExternalRequest request) {
    try (var http = HttpClient.newHttpClient()) {
      var body = BodyPublishers.ofByteArray(json.writeValueAsBytes(request));
      var post =
          HttpRequest.newBuilder(URI.create(url))
              .timeout(TIMEOUT)
              .header("Content-Type", "application/json")
              .POST(body)
              .build();
      return http.send(post, BodyHandlers.discarding()).statusCode();
    } catch (IOException e) {
      throw unavailable(e, e instanceof ConnectException);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unavailable(e, false);
    }
  }

  private ExternalRequest request(JobRow job, String keyId) {
    var jobId = job.job().jobId();
    var expires = clock.instant().plus(options.callbackLifetime());
    var header = keys.header(jobId, CallbackScheme.STANDARD_WEBHOOKS, expires);
    var callback =
        new ExternalRequest.Callback(
            options.callbackUrl().resolve("parser").toString(),
            Map.of(CallbackHeader.NAME, header),
            jobId + "." + keyId + ".",
            StandardSecret.of(keys.signingSecret(keyId, jobId, job.webhookSalt())));
    return new ExternalRequest(
        jobId.toString(),
        storage.readUrl(job.rawPath(), options.sourceLifetime()),
        job.mimeType(),
        callback);
  }

  private static ParserFault unavailable(Exception cause, boolean nothingDone) {
    return new ParserFault.Unavailable(
        "parse_unavailable", "The parser did not take the document.", nothingDone, cause);
  }
}
