package dev.sluice.parse;

import dev.sluice.callback.CallbackKeys;
import dev.sluice.document.JobStatus;
import dev.sluice.document.StoragePath;
import dev.sluice.postgres.JobRow;
import dev.sluice.postgres.NotAffordable;
import dev.sluice.postgres.ProviderCalls;
import dev.sluice.postgres.Transactions;
import dev.sluice.stage.Outcome;
import dev.sluice.storage.DocumentStorage;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gets a document's text the cheapest way: it is text already, or the same bytes were parsed
 * before, or the parser is asked.
 */
@Singleton
final class SubmitDocument {
  private static final Logger LOG = LoggerFactory.getLogger(SubmitDocument.class);

  private final ParseJobs jobs;
  private final ParseLedger ledger;
  private final StoreText storeText;
  private final Submission submission;
  private final Transactions transactions;
  private final DocumentStorage storage;
  private final CallbackKeys keys;
  private final ParserOptions options;
  private final ParsePrices prices;
  private final ExternalParser externalParser;
  private final ParserTurn turn;
  private final ProviderCalls calls;

  SubmitDocument(
      ParseJobs jobs,
      ParseLedger ledger,
      StoreText storeText,
      Submission submission,
      Transactions transactions,
      DocumentStorage storage,
      CallbackKeys keys,
      ParserOptions options,
      ParsePrices prices,
      ExternalParser externalParser,
      ParserTurn turn,
      ProviderCalls calls) {
    this.jobs = jobs;
    this.ledger = ledger;
    this.storeText = storeText;
    this.submission = submission;
    this.transactions = transactions;
    this.storage = storage;
    this.keys = keys;
    this.options = options;
    this.prices = prices;
    this.externalParser = externalParser;
    this.turn = turn;
    this.calls = calls;
  }

  /** Takes a job from {@code uploaded} on. */
  Outcome submit(ParseWork work) {
    if (PlainText.is(work.job().mimeType())) {
      LOG.info("The document is text and needs no parser");
      return storeCopy(
              work,
              work.job().rawPath(),
              ParsedText.whole(
                  StoragePath.parserResult(work.job().job()),
                  PlainText.PARSER_NAME,
                  PlainText.PARSER_VERSION))
          .orElseGet(() -> new Outcome.Rejected("upload_missing", "The uploaded bytes are gone."));
    }
    if (externalParser.isChosen()) {
      return externalParser.submit(work);
    }
    return reuse(work).orElseGet(() -> toParser(work));
  }

  /**
   * Hands the document to the parser: {@code parse_queued} is committed and the call written down
   * first, so that a crash in between leaves a trace of what may have been paid.
   *
   * @throws ParserFault if it is not the submission's turn, or the parser did not take it
   * @throws dev.sluice.postgres.NotAffordable if a budget would be exceeded, or paid calls are
   *     paused
   */
  Outcome toParser(ParseWork work) {
    var job = work.job();
    var callId = UUID.randomUUID();
    var keyId = keys.currentKeyId();
    ParserTime.requireFor(ParserTime.LONGEST_CALL);
    calls.requireAffordable(job.job().userId(), job.job().jobId(), estimate(job).amount());
    turn.take(job.job().userId());
    try (var prepared = prepare(job, keyId)) {
      queue(work, callId, keyId);
      var parseJobId = send(work, prepared, callId);
      store(work, parseJobId);
      return new Outcome.Advanced();
    }
  }

  /** Before the call is written down: what fails here was never asked of the parser. */
  private Submission.Prepared prepare(JobRow job, String keyId) {
    try {
      return submission.prepare(job, keyId);
    } catch (RuntimeException e) {
      turn.giveBack(job.job().userId());
      throw e;
    }
  }

  private void store(ParseWork work, String parseJobId) {
    var job = work.job();
    transactions.fenced(
        job.job(),
        connection -> {
          ParseLedger.name(connection, job.job(), parseJobId);
          ParseJobs.releaseToParser(connection, work, parseJobId, firstPoll());
          return parseJobId;
        });
    LOG.info("The parser has taken the document as {}", parseJobId);
  }

  private void queue(ParseWork work, UUID callId, String keyId) {
    var job = work.job();
    try {
      transactions.fenced(
          job.job(),
          connection -> {
            ParseJobs.queue(connection, work, options.parser(), keyId, firstPoll());
            ParseLedger.start(connection, job.job(), callId, options.tier(), estimate(job));
            return callId;
          });
    } catch (RuntimeException e) {
      turn.giveBack(job.job().userId());
      throw NotAffordable.in(e).<RuntimeException>map(refusal -> refusal).orElse(e);
    }
  }

  private NanoUsd estimate(JobRow job) {
    return prices.estimate(options.tier(), job.rawBytes());
  }

  /** Moves the job to {@code parse_queued} without a submission: the parser has it already. */
  ParseWork queued(ParseWork work) {
    transactions.fenced(
        work.job().job(),
        connection -> {
          ParseJobs.queue(
              connection, work, options.parser(), work.job().webhookKeyId(), firstPoll());
          return work;
        });
    return work.at(JobStatus.PARSE_QUEUED);
  }

  private String send(ParseWork work, Submission.Prepared prepared, UUID callId) {
    try {
      var parseJobId = prepared.send();
      turn.answered();
      return parseJobId;
    } catch (ParserFault fault) {
      report(work.job(), fault);
      if (!(fault instanceof ParserFault.Unavailable unavailable) || unavailable.nothingDone()) {
        ledger.refused(work.job().job(), callId, fault.code());
      }
      throw fault;
    }
  }

  /** A parser that refuses a document is there. */
  private void report(JobRow job, ParserFault fault) {
    switch (fault) {
      case ParserFault.Unavailable away -> turn.failed(away);
      case ParserFault.NotNow notAsked -> turn.giveBack(job.job().userId());
      case ParserFault.Refused refused -> turn.answered();
      case ParserFault.JobGone gone -> turn.answered();
    }
  }

  /** A copy of one's own: the other document may be deleted any time. */
  private Optional<Outcome> reuse(ParseWork work) {
    return jobs.findParsedBefore(work.job(), ParserOptions.NAME, options.parserVersion())
        .flatMap(
            before ->
                storeCopy(
                    work,
                    before.path(),
                    new ParsedText(
                        StoragePath.parserResult(work.job().job()),
                        ParserOptions.NAME,
                        options.parserVersion(),
                        null,
                        before.pages(),
                        List.of())));
  }

  /** Empty if there is nothing at {@code from}. */
  private Optional<Outcome> storeCopy(ParseWork work, StoragePath from, ParsedText text) {
    if (!storage.copy(from, text.path())) {
      LOG.info("{} is gone", from.key());
      return Optional.empty();
    }
    return Optional.of(storeText.store(work, text, StoreText.Beside.NOTHING));
  }

  private Duration firstPoll() {
    return PollSchedule.next(options.submit(), Duration.ZERO).orElseThrow();
  }
}
