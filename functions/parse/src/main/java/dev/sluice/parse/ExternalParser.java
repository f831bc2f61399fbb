package dev.sluice.parse;

import dev.sluice.callback.CallbackKeys;
import dev.sluice.document.StoragePath;
import dev.sluice.parse.ParserOptions.Submit;
import dev.sluice.postgres.ProviderCalls;
import dev.sluice.postgres.Transactions;
import dev.sluice.stage.Outcome;
import dev.sluice.storage.DocumentStorage;
import io.micronaut.context.annotation.Property;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A parser other than LlamaParse, which speaks our own contract. It gets the document's address and
 * what it needs to call back; its callback, once verified, brings the text into storage. It cannot
 * be asked, so what it never says is a timeout.
 */
@Singleton
final class ExternalParser {
  /** As {@code upload_jobs.parser_name} holds it, and the webhook knows it. */
  static final String NAME = "external";

  /** What it charges is not known here. */
  private static final long FREE = 0;

  private static final Logger LOG = LoggerFactory.getLogger(ExternalParser.class);
  private static final ParseJobs.Parser PARSER = new ParseJobs.Parser(NAME, "1");

  private final ExternalSubmission submission;
  private final StoreText storeText;
  private final ParseJobs jobs;
  private final Transactions transactions;
  private final DocumentStorage storage;
  private final CallbackKeys keys;
  private final ProviderCalls calls;
  private final boolean chosen;

  ExternalParser(
      ExternalSubmission submission,
      StoreText storeText,
      ParseJobs jobs,
      Transactions transactions,
      DocumentStorage storage,
      CallbackKeys keys,
      ProviderCalls calls,
      @Property(name = "sluice.parser") String parser,
      @Property(name = "sluice.external-parser-url") String url) {
    if (parser.equals(NAME) && url.isBlank()) {
      throw new IllegalArgumentException(
          "an external parser is chosen, and ExternalParserUrl is not set");
    }
    this.submission = submission;
    this.storeText = storeText;
    this.jobs = jobs;
    this.transactions = transactions;
    this.storage = storage;
    this.keys = keys;
    this.calls = calls;
    this.chosen = parser.equals(NAME);
  }

  /** Whether new documents go to it; those that went to another stay there. */
  boolean isChosen() {
    return chosen;
  }

  /**
   * Hands the document over, from {@code uploaded} on, or again from {@code parse_queued}. It is
   * taken when the row has a parser's id, which is ours: the parser knows the job by it.
   *
   * @throws dev.sluice.postgres.NotAffordable if paid calls are paused, or what follows could not
   *     be paid
   */
  Outcome submit(ParseWork work) {
    var job = work.job().job();
    calls.requireAffordable(job.userId(), job.jobId(), FREE);
    var keyId = keys.currentKeyId();
    transactions.fenced(
        job,
        connection -> {
          ParseJobs.queue(connection, work, PARSER, keyId, firstPoll());
          return keyId;
        });
    submission.send(work.job(), keyId);
    transactions.fenced(
        job,
        connection -> {
          ParseJobs.releaseToParser(connection, work, job.jobId().toString(), firstPoll());
          return keyId;
        });
    LOG.info("The external parser has taken the document");
    return new Outcome.Advanced();
  }

  /** Takes a job from {@code parse_queued} on: by its callback, or by the sweep's reminder. */
  Outcome collect(ParseWork work) {
    if (Objects.equals(work.message().parserFailed(), true)) {
      return new Outcome.Rejected("parse_failed", "The parser could not read this document.");
    }
    var text = StoragePath.parserResult(work.job().job());
    if (storage.size(text) != null) {
      return storeText.store(
          work, ParsedText.whole(text, PARSER.name(), PARSER.version()), StoreText.Beside.NOTHING);
    }
    return work.job().parseJobId() == null ? submit(work) : keepWaiting(work);
  }

  private Outcome keepWaiting(ParseWork work) {
    var elapsed = work.job().standing();
    var wait = PollSchedule.next(Submit.URL, elapsed);
    if (wait.isEmpty()) {
      return new Outcome.Rejected(
          "parse_timeout",
          "The parser did not finish this document in " + elapsed.toMinutes() + " minutes.");
    }
    jobs.releaseWaiting(work, wait.get());
    return new Outcome.AlreadyDone("the parser is still at it");
  }

  private static Duration firstPoll() {
    return PollSchedule.next(Submit.URL, Duration.ZERO).orElseThrow();
  }
}
