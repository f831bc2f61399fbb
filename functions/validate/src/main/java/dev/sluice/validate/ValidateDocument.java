package dev.sluice.validate;

import dev.sluice.document.JobStatus;
import dev.sluice.document.PipelineStage;
import dev.sluice.document.StoragePath;
import dev.sluice.message.ChunkMessage;
import dev.sluice.message.Invocation;
import dev.sluice.message.MessageSender;
import dev.sluice.message.ValidateMessage;
import dev.sluice.postgres.Claim;
import dev.sluice.postgres.Emissions;
import dev.sluice.postgres.JobClaims;
import dev.sluice.postgres.JobRow;
import dev.sluice.stage.Outcome;
import dev.sluice.stage.Stage;
import dev.sluice.storage.DocumentStorage;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.EnumSet;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.UUID;

/**
 * Makes the canonical text of what the parser left, and stores it once however many of the tenant's
 * documents say the same.
 */
@Singleton
public final class ValidateDocument implements Stage<ValidateMessage> {
  private static final String MARKDOWN = "text/markdown; charset=utf-8";

  private final JobClaims claims;
  private final DocumentStorage storage;
  private final TextNormaliser normaliser;
  private final CanonicalTextStore texts;
  private final MessageSender sender;
  private final Emissions emissions;

  ValidateDocument(
      JobClaims claims,
      DocumentStorage storage,
      TextNormaliser normaliser,
      CanonicalTextStore texts,
      MessageSender sender,
      Emissions emissions) {
    this.claims = claims;
    this.storage = storage;
    this.normaliser = normaliser;
    this.texts = texts;
    this.sender = sender;
    this.emissions = emissions;
  }

  @Override
  public PipelineStage stage() {
    return PipelineStage.VALIDATE;
  }

  @Override
  public OptionalInt giveBack(ValidateMessage message, Invocation invocation, boolean counted) {
    return claims.giveBack(message, invocation, counted);
  }

  @Override
  public Outcome run(ValidateMessage message, Invocation invocation) {
    return switch (claims.claim(message, EnumSet.of(JobStatus.PARSED), invocation)) {
      case Claim.Granted(var job, var lease) -> validate(message, job, lease);
      case Claim.NotHere(var job) -> sendAgain(message, job.status());
      case Claim.Leased(var rest) -> new Outcome.Busy(rest);
      case Claim.Stale() -> new Outcome.AlreadyDone("stale");
      case Claim.Exhausted() -> Outcome.attemptsExhausted();
    };
  }

  private Outcome validate(ValidateMessage message, JobRow job, UUID lease) {
    byte[] parsed = read(Objects.requireNonNull(job.parsedPath(), "a parsed job has a path"));
    return switch (normaliser.normalise(parsed)) {
      case Normalisation.Refused(var code, var sentence) -> new Outcome.Rejected(code, sentence);
      case Normalisation.Accepted text -> {
        if (!texts.moveOnWithKnown(job.job(), lease, text)) {
          texts.moveOn(job.job(), lease, store(job, text), text);
        }
        send(message);
        yield new Outcome.Advanced();
      }
    };
  }

  private StoragePath store(JobRow job, Normalisation.Accepted text) {
    StoragePath path = StoragePath.canonicalText(job.job());
    storage.put(path, text.utf8(), MARKDOWN);
    return path;
  }

  /** One byte more than the limit is enough to be refused. */
  private byte[] read(StoragePath path) {
    try (InputStream text = storage.open(path)) {
      return text.readNBytes(normaliser.maxBytes() + 1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A crash between commit and send left the job here; anywhere else its message was sent. */
  private Outcome sendAgain(ValidateMessage message, JobStatus status) {
    if (status == JobStatus.PARSE_VALIDATED) {
      send(message);
    }
    return new Outcome.AlreadyDone("the job is " + status.wireName());
  }

  private void send(ValidateMessage message) {
    sender.send(
        PipelineStage.CHUNK,
        new ChunkMessage(message.job(), message.retryCount(), message.correlationId()));
    emissions.sent(message.job(), message.retryCount(), JobStatus.PARSE_VALIDATED);
  }
}
