package dev.sluice.parse;

import dev.sluice.callback.CallbackHeader;
import dev.sluice.callback.CallbackKeys;
import dev.sluice.callback.CallbackScheme;
import dev.sluice.parse.ParserOptions.Submit;
import dev.sluice.postgres.JobRow;
import dev.sluice.storage.DocumentStorage;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the parser's request for a job and hands it over. */
@Singleton
final class Submission {
  private static final Logger LOG = LoggerFactory.getLogger(Submission.class);

  private static final List<String> EVENTS =
      List.of("parse.success", "parse.error", "parse.partial_success", "parse.cancelled");

  private final LlamaParse parser;
  private final ParserOptions options;
  private final CallbackKeys keys;
  private final DocumentStorage storage;
  private final Clock clock;

  Submission(
      LlamaParse parser,
      ParserOptions options,
      CallbackKeys keys,
      DocumentStorage storage,
      Clock clock) {
    this.parser = parser;
    this.options = options;
    this.keys = keys;
    this.storage = storage;
    this.clock = clock;
  }

  /** A request that only has to be sent: whatever fails from here on is the parser's. */
  interface Prepared extends AutoCloseable {
    /**
     * Submits the job's bytes.
     *
     * @return the parser's id of its job
     * @throws ParserFault if the parser did not take it, or did not say so
     */
    String send();

    /** Leaves no file behind. */
    @Override
    default void close() {}
  }

  /**
   * Gets together what the parser is to be given.
   *
   * @param keyId the master key that the job's row is going to name
   */
  Prepared prepare(JobRow job, String keyId) {
    if (options.submit() == Submit.UPLOAD) {
      return new Upload(job);
    }
    var request =
        request(
            job,
            storage.readUrl(job.rawPath(), options.sourceLifetime()),
            List.of(callback(job, keyId)));
    return () -> parser.submit(request);
  }

  /** The bytes in a file, since the client wants one. */
  private final class Upload implements Prepared {
    private final JobRow job;
    private final Path file;

    Upload(JobRow job) {
      this.job = job;
      try {
        this.file = Files.createTempFile("upload-", null);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      try (var bytes = storage.open(job.rawPath())) {
        Files.copy(bytes, file, StandardCopyOption.REPLACE_EXISTING);
      } catch (IOException e) {
        close();
        throw new UncheckedIOException(e);
      } catch (RuntimeException e) {
        close();
        throw e;
      }
    }

    @Override
    public String send() {
      // The user's own file name stays here: the parser needs its ending only.
      return parser.upload(
          request(job, null, null), file, job.job().documentId() + "." + job.rawPath().extension());
    }

    @Override
    public void close() {
      try {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        LOG.warn("A temporary file is left behind", e);
      }
    }
  }

  private ParseRequest.Callback callback(JobRow job, String keyId) {
    var jobId = job.job().jobId();
    var expires = clock.instant().plus(options.callbackLifetime());
    return new ParseRequest.Callback(
        options.callbackUrl().toString(),
        EVENTS,
        Map.of(CallbackHeader.NAME, keys.header(jobId, CallbackScheme.LLAMAPARSE, expires)),
        "json",
        keys.signingSecret(keyId, jobId, job.webhookSalt()));
  }

  private ParseRequest request(
      JobRow job, @Nullable String sourceUrl, @Nullable List<ParseRequest.Callback> callbacks) {
    return new ParseRequest(
        sourceUrl, options.tier(), options.version(), callbacks, SubmissionMetadata.of(job));
  }
}
