package dev.sluice.parse;

import dev.sluice.document.JobStatus;
import dev.sluice.document.PipelineStage;
import dev.sluice.message.Invocation;
import dev.sluice.message.ParseMessage;
import dev.sluice.postgres.Claim;
import dev.sluice.postgres.JobClaims;
import dev.sluice.postgres.JobRow;
import dev.sluice.postgres.NotAffordable;
import dev.sluice.stage.Outages;
import dev.sluice.stage.Outcome;
import dev.sluice.stage.Stage;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.EnumSet;
import java.util.OptionalInt;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The parse stage. Where the job stands, not what the message is called, decides what is done: an
 * upload's event, a callback and the sweep's reminder may overtake one another.
 */
@Singleton
public final class ParseDocument implements Stage<ParseMessage> {
  private static final Logger LOG = LoggerFactory.getLogger(ParseDocument.class);
  private static final Set<JobStatus> FROM = EnumSet.of(JobStatus.UPLOADED, JobStatus.PARSE_QUEUED);

  /** How often a budget is asked again; a person who raises it need not do anything else. */
  private static final Duration BUDGET = Duration.ofMinutes(5);

  /** A message that waits longer than a minute is deleted. */
  private static final Duration LEAVE_IT_TO_THE_ROW = Duration.ofSeconds(61);

  private final JobClaims claims;
  private final ParseJobs jobs;
  private final ReceiveUpload receiveUpload;
  private final SubmitDocument submitDocument;
  private final CollectResult collectResult;
  private final StoreText storeText;
  private final CancelParse cancelParse;

  ParseDocument(
      JobClaims claims,
      ParseJobs jobs,
      ReceiveUpload receiveUpload,
      SubmitDocument submitDocument,
      CollectResult collectResult,
      StoreText storeText,
      CancelParse cancelParse) {
    this.claims = claims;
    this.jobs = jobs;
    this.receiveUpload = receiveUpload;
    this.submitDocument = submitDocument;
    this.collectResult = collectResult;
    this.storeText = storeText;
    this.cancelParse = cancelParse;
  }

  @Override
  public PipelineStage stage() {
    return PipelineStage.PARSE;
  }

  @Override
  public OptionalInt giveBack(ParseMessage message, Invocation invocation, boolean counted) {
    return claims.giveBack(message, invocation, counted);
  }

  @Override
  public Outcome run(ParseMessage message, Invocation invocation) {
    try {
      return ParserTime.within(invocation.remaining(), () -> seen(message, invocation));
    } catch (ParserFault.NotNow e) {
      return sitOut(message, invocation, e);
    } catch (NotAffordable e) {
      claims.waitFor(message, invocation, BUDGET, e.code());
      return new Outcome.Deferred(BUDGET, e.code());
    } catch (ParserFault.Unavailable e) {
      return sitOut(message, invocation, e);
    } catch (ParserFault e) {
      return new Outcome.Rejected(e.code(), e.reason());
    }
  }

  private Outcome sitOut(ParseMessage message, Invocation invocation, ParserFault.NotNow notNow) {
    claims.waitFor(message, invocation, notNow.retryAfter(), notNow.code());
    return new Outcome.Deferred(longer(notNow.retryAfter(), LEAVE_IT_TO_THE_ROW), notNow.code());
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }

  private Outcome sitOut(
      ParseMessage message, Invocation invocation, ParserFault.Unavailable away) {
    LOG.warn("The parser is away", away);
    return claims
        .awaitProvider(message, invocation, away.code())
        .map(age -> Outages.sitOut(age, away.code(), away.reason()))
        .orElseGet(() -> new Outcome.AlreadyDone("another invocation holds the lease"));
  }

  private Outcome seen(ParseMessage message, Invocation invocation) {
    var job = jobs.find(message.job()).orElse(null);
    if (job == null || job.retryCount() != message.retryCount()) {
      return new Outcome.AlreadyDone("stale");
    }
    if (job.status() == JobStatus.CANCELLED) {
      cancelParse.cancel(job);
      return new Outcome.AlreadyDone("cancelled");
    }
    return claimed(message, invocation, isFirstSeen(job));
  }

  private Outcome claimed(ParseMessage message, Invocation invocation, boolean firstSeen) {
    var claim =
        firstSeen
            ? claims.claimUnreceived(message, invocation)
            : claims.claim(message, FROM, invocation);
    return switch (claim) {
      case Claim.Granted(var job, var lease) -> received(new ParseWork(message, job, lease));
      case Claim.NotHere(var job) -> leave(message, job);
      case Claim.Leased(var rest) -> new Outcome.Busy(patience(rest, invocation.receiveCount()));
      case Claim.Stale() -> new Outcome.AlreadyDone("stale");
      case Claim.Exhausted() -> Outcome.attemptsExhausted();
    };
  }

  /** The fence opens with the bytes, so that those of a job that was not received come first. */
  private Outcome received(ParseWork work) {
    return isFirstSeen(work.job()) ? receiveUpload.receive(work, this::work) : work(work);
  }

  private static boolean isFirstSeen(JobRow job) {
    return job.status() == JobStatus.UPLOADED && job.receivedAt() == null;
  }

  private Outcome work(ParseWork work) {
    if (work.job().status() == JobStatus.PARSE_QUEUED) {
      return collectResult.collect(work);
    }
    boolean triedBefore = work.job().retryCount() > 0;
    return triedBefore
        ? collectResult.takeUp(work).orElseGet(() -> submitDocument.submit(work))
        : submitDocument.submit(work);
  }

  /** The next stage is told again only while the job stands exactly where this stage left it. */
  private Outcome leave(ParseMessage message, JobRow job) {
    if (job.status() == JobStatus.PARSED) {
      storeText.announce(message);
    }
    return new Outcome.AlreadyDone(job.status().wireName());
  }

  /**
   * A callback often overtakes the end of the submission, whose lease then ends in a moment: the
   * message comes back after 2, 4, 8 … seconds, and not only when the lease would run out.
   */
  private static Duration patience(Duration rest, int receiveCount) {
    var soon = Duration.ofSeconds(1L << Math.clamp(receiveCount, 1, 8));
    return soon.compareTo(rest) < 0 ? soon : rest;
  }
}
