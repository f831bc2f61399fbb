package dev.sluice.chunk;

import dev.sluice.document.JobRef;
import dev.sluice.document.JobStatus;
import dev.sluice.message.ChunkMessage;
import dev.sluice.message.Invocation;
import dev.sluice.postgres.Claim;
import dev.sluice.postgres.JobClaims;
import io.micronaut.context.ApplicationContext;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.UUID;

/** What the chunk function asks the database for one document, in this order. */
public final class ChunkSteps {
  private final JobClaims claims;
  private final ChunkStore chunks;
  private final BatchStore batches;
  private final List<Chunk> slice;

  /**
   * @param function chunk's beans
   * @param chunks that a document has
   */
  public ChunkSteps(ApplicationContext function, int chunks) {
    claims = function.getBean(JobClaims.class);
    this.chunks = function.getBean(ChunkStore.class);
    batches = function.getBean(BatchStore.class);
    MarkdownChunker chunker = new MarkdownChunker(ChunkPlan.DEFAULT);
    // More than enough: a chunk of the default size has some 2,000 chars.
    slice = chunker.chunk(SampleText.ofChars(chunks * 4_000)).subList(0, chunks);
  }

  /**
   * Takes the lease on a job that is {@code parse_validated}.
   *
   * @param lease new
   */
  public void claim(JobRef job, UUID lease) {
    Claim claim =
        claims.claim(
            new ChunkMessage(job, 0, "bench"),
            EnumSet.of(JobStatus.PARSE_VALIDATED),
            new Invocation(lease, "bench", 1, () -> Duration.ofMinutes(5)));
    if (!(claim instanceof Claim.Granted)) {
      throw new IllegalStateException("not granted: " + claim);
    }
  }

  /** One transition: the guarded update, the event that its trigger writes, the commit. */
  public void start(JobRef job, UUID lease) {
    chunks.start(work(job, lease));
  }

  /**
   * Writes all chunks, and looks for the vector of each.
   *
   * @param texts what {@link #texts} made for this document
   */
  public void write(JobRef job, UUID lease, Texts texts) {
    chunks.write(work(job, lease), texts.chunks);
  }

  /** The chunks of one document. */
  public static final class Texts {
    private final List<Chunk> chunks;

    private Texts(List<Chunk> chunks) {
      this.chunks = chunks;
    }
  }

  /** Chunks that no other document has: a text that has its vector would not be embedded. */
  public Texts texts(JobRef job) {
    return new Texts(slice.stream().map(chunk -> with(chunk, job.jobId() + "\n\n")).toList());
  }

  private static Chunk with(Chunk chunk, String headingPrefix) {
    return new Chunk(
        chunk.ord(),
        chunk.text(),
        headingPrefix,
        chunk.tokens(),
        chunk.page(),
        chunk.lastPage(),
        chunk.section(),
        chunk.headingPath(),
        chunk.startOffset(),
        chunk.endOffset(),
        chunk.overlapChars());
  }

  /** Plans the batches and moves the job to {@code chunks_stored}. */
  public void plan(JobRef job, UUID lease) {
    batches.finish(work(job, lease), slice.size());
  }

  private static ChunkWork work(JobRef job, UUID lease) {
    return new ChunkWork(job, lease, ChunkPlan.DEFAULT);
  }
}
