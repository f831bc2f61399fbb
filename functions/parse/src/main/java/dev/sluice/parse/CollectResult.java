package dev.sluice.parse;

import dev.sluice.document.StoragePath;
import dev.sluice.parse.ParseLedger.Settlement;
import dev.sluice.postgres.Transactions;
import dev.sluice.postgres.WriteRefused;
import dev.sluice.stage.Outcome;
import jakarta.inject.Singleton;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the parser what became of a job and stores its text. A callback is only a hint to look: what
 * it says is asked again here, with the key.
 */
@Singleton
final class CollectResult {
  private static final Logger LOG = LoggerFactory.getLogger(CollectResult.class);
  private static final int LONGEST_CODE = 60;

  private final LlamaParse parser;
  private final SubmitDocument submitDocument;
  private final StoreText storeText;
  private final ParseJobs jobs;
  private final ParseLedger ledger;
  private final Transactions transactions;
  private final FetchResult fetchResult;
  private final ParserOptions options;
  private final ParsePrices prices;
  private final ExternalParser externalParser;

  CollectResult(
      LlamaParse parser,
      SubmitDocument submitDocument,
      StoreText storeText,
      ParseJobs jobs,
      ParseLedger ledger,
      Transactions transactions,
      FetchResult fetchResult,
      ParserOptions options,
      ParsePrices prices,
      ExternalParser externalParser) {
    this.parser = parser;
    this.submitDocument = submitDocument;
    this.storeText = storeText;
    this.jobs = jobs;
    this.ledger = ledger;
    this.transactions = transactions;
    this.fetchResult = fetchResult;
    this.options = options;
    this.prices = prices;
    this.externalParser = externalParser;
  }

  /** Takes a job from {@code parse_queued} on. */
  Outcome collect(ParseWork work) {
    if (ExternalParser.NAME.equals(work.job().parserName())) {
      return externalParser.collect(work);
    }
    try {
      var submitted = submitted(work);
      return submitted.isPresent() ? follow(work, submitted.get()) : notFound(work);
    } catch (ParserFault.JobGone e) {
      return expired(work, e);
    }
  }

  private Outcome notFound(ParseWork work) {
    if (work.message().parseJobId() != null) {
      jobs.release(work);
      return new Outcome.AlreadyDone("the callback names another job");
    }
    LOG.info("The parser has no such submission; it is made again");
    return submitDocument.toParser(work);
  }

  /** The document is still here: once, it is worth its price again. */
  private Outcome expired(ParseWork work, ParserFault.JobGone gone) {
    int lost =
        transactions.fenced(
            work.job().job(),
            connection -> {
              ParseJobs.forgetParserJob(connection, work, gone.parseJobId());
              return ParseLedger.expire(connection, work.job().job(), gone.parseJobId());
            });
    if (lost > 1) {
      throw gone;
    }
    LOG.warn("The parser no longer keeps {}; the document is submitted again", gone.parseJobId());
    return submitDocument.toParser(work);
  }

  /**
   * Of a retried job: what the parser has of an earlier try is paid for, and taken if it can still
   * give its text.
   */
  Optional<Outcome> takeUp(ParseWork work) {
    if (externalParser.isChosen()) {
      return Optional.empty();
    }
    return parser
        .find(work.job())
        .map(
            found -> {
              LOG.info("The parser has the document from an earlier try as {}", found.id());
              return takeUp(submitDocument.queued(work), found.id());
            });
  }

  private Outcome takeUp(ParseWork queued, String parseJobId) {
    try {
      return follow(queued, parser.get(parseJobId));
    } catch (ParserFault.JobGone e) {
      return expired(queued, e);
    }
  }

  /**
   * The parser's job, by the id in the row, in the callback, or else by the names that we gave it:
   * a crash may have come between the submission and its answer.
   */
  private Optional<ParserJob> submitted(ParseWork work) {
    var known = work.job().parseJobId();
    if (known != null) {
      return Optional.of(parser.get(known));
    }
    var told = work.message().parseJobId();
    var candidate =
        told == null ? parser.find(work.job()).map(job -> parser.get(job.id())) : asked(told);
    return candidate.filter(job -> SubmissionMetadata.names(work.job(), job));
  }

  private Optional<ParserJob> asked(String parseJobId) {
    try {
      return Optional.of(parser.get(parseJobId));
    } catch (ParserFault.JobGone e) {
      return Optional.empty();
    }
  }

  private Outcome follow(ParseWork work, ParserJob job) {
    return switch (job.status()) {
      case PENDING, RUNNING -> keepWaiting(work, job);
      case COMPLETED -> store(work, job);
      case FAILED -> reject(work, job, code(job.errorCode()), reason(job.errorMessage()));
      case CANCELLED -> reject(work, job, "parse_cancelled", "The parser cancelled this document.");
    };
  }

  private Outcome keepWaiting(ParseWork work, ParserJob job) {
    var elapsed = work.job().standing();
    var wait = PollSchedule.next(options.submit(), elapsed);
    if (wait.isEmpty()) {
      // What it costs stays open: the parser may still finish, and charge.
      return new Outcome.Rejected(
          "parse_timeout",
          "The parser did not finish this document in " + elapsed.toMinutes() + " minutes.");
    }
    transactions.fenced(
        work.job().job(),
        connection -> {
          ParseLedger.name(connection, work.job().job(), job.id());
          ParseJobs.releaseToParser(connection, work, job.id(), wait.get());
          return job;
        });
    return new Outcome.AlreadyDone("the parser is still at it");
  }

  private Outcome store(ParseWork work, ParserJob job) {
    var path = StoragePath.parserResult(work.job().job());
    var copied = fetchResult.to(path, job.id());
    var settlement = new Settlement(job.id(), "succeeded", copied.all(), cost(job, copied.all()));
    if (copied.areNone()) {
      ledger.settle(work.job().job(), settlement);
      return new Outcome.Rejected("parse_without_text", "The parser found no text in it.");
    }
    LOG.info("Of {} pages {} could not be read", copied.all(), copied.missing().size());
    try {
      return storeText.store(
          work,
          text(path, job, copied),
          connection -> ParseLedger.settle(connection, work.job().job(), settlement));
    } catch (WriteRefused e) {
      ledger.settle(work.job().job(), settlement);
      throw e;
    }
  }

  private ParsedText text(StoragePath path, ParserJob job, CopiedPages copied) {
    return new ParsedText(
        path,
        ParserOptions.NAME,
        options.parserVersion(),
        job.id(),
        copied.all(),
        copied.missing());
  }

  private Outcome reject(ParseWork work, ParserJob job, String code, String reason) {
    ledger.settle(work.job().job(), new Settlement(job.id(), code, null, NanoUsd.NOTHING));
    return new Outcome.Rejected(code, reason);
  }

  /** As charged, else as priced. */
  private NanoUsd cost(ParserJob job, int pages) {
    return job.credits() == null
        ? prices.ofPages(options.tier(), pages)
        : prices.ofCredits(job.credits());
  }

  static String code(@Nullable String parsersCode) {
    if (parsersCode == null || parsersCode.isBlank()) {
      return "parse_failed";
    }
    var code = "parse_" + parsersCode.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "_");
    return code.substring(0, Math.min(LONGEST_CODE, code.length()));
  }

  static String reason(@Nullable String parsersMessage) {
    return parsersMessage == null || parsersMessage.isBlank()
        ? "The parser could not read this document."
        : ParserFaults.quote(parsersMessage);
  }
}
