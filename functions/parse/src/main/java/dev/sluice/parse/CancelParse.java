package dev.sluice.parse;

import dev.sluice.parse.ParseLedger.Settlement;
import dev.sluice.postgres.JobRow;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends at the parser what was cancelled, deleted or superseded here while it was parsed. What fails
 * is tried again at the sweep's next reminder, until the call's row is closed at its estimate.
 */
@Singleton
final class CancelParse {
  private static final Logger LOG = LoggerFactory.getLogger(CancelParse.class);

  private final LlamaParse parser;
  private final ParseLedger ledger;
  private final ParsePrices prices;

  CancelParse(LlamaParse parser, ParseLedger ledger, ParsePrices prices) {
    this.parser = parser;
    this.ledger = ledger;
    this.prices = prices;
  }

  /** Does nothing for a job whose parse is settled, or that never had one. */
  void cancel(JobRow job) {
    var open = ledger.open(job.job());
    if (open.isEmpty()) {
      return;
    }
    try {
      ended(job, open.get()).ifPresent(parse -> settle(job, parse));
    } catch (ParserFault.JobGone e) {
      ledger.settle(job.job(), new Settlement(e.parseJobId(), e.code(), null, null));
    } catch (ParserFault e) {
      LOG.warn("The parse was not cancelled; the sweep reminds of it: {}", e.code());
    }
  }

  /** Empty if the parser has no such job, or not yet. */
  private Optional<ParserJob> ended(JobRow job, ParseLedger.Open open) {
    var id = open.requestId();
    return id == null
        ? parser.find(job).map(found -> parser.cancel(found.id()))
        : Optional.of(parser.cancel(id));
  }

  /** As charged; else nothing for what failed, and the estimate stands for the rest. */
  private void settle(JobRow job, ParserJob parse) {
    if (!parse.status().isFinal()) {
      return;
    }
    var cost =
        parse.credits() != null
            ? prices.ofCredits(parse.credits())
            : parse.status() == ParserJob.Status.FAILED ? NanoUsd.NOTHING : null;
    ledger.settle(job.job(), new Settlement(parse.id(), "cancelled", null, cost));
    LOG.info("The parser's job {} is {}; nobody needs it", parse.id(), parse.status());
  }
}
