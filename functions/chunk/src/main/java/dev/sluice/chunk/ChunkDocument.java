package dev.sluice.chunk;

import dev.sluice.document.JobStatus;
import dev.sluice.document.PipelineStage;
import dev.sluice.document.StoragePath;
import dev.sluice.message.ChunkMessage;
import dev.sluice.message.Invocation;
import dev.sluice.postgres.Claim;
import dev.sluice.postgres.JobClaims;
import dev.sluice.postgres.JobRow;
import dev.sluice.stage.Outcome;
import dev.sluice.stage.Stage;
import dev.sluice.storage.DocumentStorage;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.UUID;

/**
 * Splits a document's canonical text, stores the chunks, takes over the vectors that the tenant has
 * paid for before, and plans the rest in batches.
 */
@Singleton
public final class ChunkDocument implements Stage<ChunkMessage> {
  private static final EnumSet<JobStatus> BEGINS_AT =
      EnumSet.of(JobStatus.PARSE_VALIDATED, JobStatus.CHUNKING);

  private final JobClaims claims;
  private final DocumentStorage storage;
  private final MarkdownChunker chunker;
  private final ChunkStore chunks;
  private final BatchStore batches;
  private final AnnounceBatches announce;

  ChunkDocument(
      JobClaims claims,
      DocumentStorage storage,
      MarkdownChunker chunker,
      ChunkStore chunks,
      BatchStore batches,
      AnnounceBatches announce) {
    this.claims = claims;
    this.storage = storage;
    this.chunker = chunker;
    this.chunks = chunks;
    this.batches = batches;
    this.announce = announce;
  }

  @Override
  public PipelineStage stage() {
    return PipelineStage.CHUNK;
  }

  @Override
  public OptionalInt giveBack(ChunkMessage message, Invocation invocation, boolean counted) {
    return claims.giveBack(message, invocation, counted);
  }

  @Override
  public Outcome run(ChunkMessage message, Invocation invocation) {
    return switch (claims.claim(message, BEGINS_AT, invocation)) {
      case Claim.Granted(var job, var lease) -> chunkInTime(message, invocation, job, lease);
      case Claim.NotHere(var job) -> announce.again(message, job.status());
      case Claim.Leased(var rest) -> new Outcome.Busy(rest);
      case Claim.Stale() -> new Outcome.AlreadyDone("stale");
      case Claim.Exhausted() -> Outcome.attemptsExhausted();
    };
  }

  /** A document for which one invocation is too short goes on in the next, from what is stored. */
  private Outcome chunkInTime(ChunkMessage message, Invocation invocation, JobRow job, UUID lease) {
    try {
      return chunk(message, invocation, job, lease);
    } catch (ChunkSlices.TimeIsUp e) {
      if (!e.hasWritten()) {
        return new Outcome.Failed(
            "too_slow", "One invocation is too short for a single slice of chunks.", e);
      }
      var unused = claims.giveBack(message, invocation, false);
      return new Outcome.Deferred(Duration.ZERO, "the invocation's time");
    }
  }

  private Outcome chunk(ChunkMessage message, Invocation invocation, JobRow job, UUID lease) {
    ChunkWork work = new ChunkWork(job.job(), lease, chunker.plan());
    if (job.status() == JobStatus.PARSE_VALIDATED) {
      chunks.start(work);
    }
    ChunkSlices slices;
    try (SpooledText text = spool(job)) {
      if (!text.sha256().equals(job.parsedSha256())) {
        return new Outcome.Failed(
            "text_changed", "The stored text is not the one that was validated.", null);
      }
      slices = new ChunkSlices(chunks, work, invocation.remaining());
      chunker.chunk(text.reader(), slices);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    int total = slices.finish();
    if (total == 0) {
      return new Outcome.Rejected(
          "no_chunks", "The document's text has nothing to search: only white space.");
    }
    batches.finish(work, total);
    announce.announce(message);
    return new Outcome.Advanced();
  }

  private SpooledText spool(JobRow job) throws IOException {
    StoragePath path = Objects.requireNonNull(job.parsedPath(), "a validated job has a path");
    try (InputStream text = storage.open(path)) {
      return SpooledText.of(text);
    }
  }
}
