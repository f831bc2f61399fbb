package dev.sluice.parse;

import dev.sluice.document.Hashes;
import dev.sluice.postgres.JobRow;
import dev.sluice.stage.Outcome;
import dev.sluice.storage.DocumentStorage;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares the bytes that arrived with those that were announced, then lets their generation take
 * the document over. Bytes that are wrong must not fence off a generation that is good.
 */
@Singleton
final class ReceiveUpload {
  private static final Logger LOG = LoggerFactory.getLogger(ReceiveUpload.class);

  private final DocumentStorage storage;
  private final ParseJobs jobs;

  ReceiveUpload(DocumentStorage storage, ParseJobs jobs) {
    this.storage = storage;
    this.jobs = jobs;
  }

  /**
   * Receives the job's bytes and goes on with them, if they are as announced.
   *
   * @throws dev.sluice.postgres.WriteRefused if the document is not this job's any more
   */
  Outcome receive(ParseWork work, Function<ParseWork, Outcome> next) {
    var size = storage.size(work.job().rawPath());
    if (size == null) {
      jobs.release(work);
      return new Outcome.AlreadyDone("the bytes have not arrived");
    }
    return complaint(work.job(), size).orElseGet(() -> next.apply(received(work)));
  }

  private ParseWork received(ParseWork work) {
    var job = jobs.receive(work);
    LOG.info("{} bytes have arrived as announced", job.rawBytes());
    return new ParseWork(work.message(), job, work.lease());
  }

  private Optional<Outcome> complaint(JobRow job, long size) {
    if (size != job.rawBytes()) {
      return mismatch(
          size + " bytes arrived and " + job.rawBytes() + " were announced; upload it again.");
    }
    if (size == 0) {
      return Optional.of(
          new Outcome.Rejected("upload_empty", "The file is empty: it has no bytes at all."));
    }
    if (!sha256(job).equals(job.rawSha256())) {
      return mismatch("the bytes have another SHA-256 than was announced; upload it again.");
    }
    return Optional.empty();
  }

  private String sha256(JobRow job) {
    try (var bytes = storage.open(job.rawPath())) {
      return Hashes.ofStream(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<Outcome> mismatch(String how) {
    return Optional.of(
        new Outcome.Rejected("upload_mismatch", "The upload is not what was announced: " + how));
  }
}
