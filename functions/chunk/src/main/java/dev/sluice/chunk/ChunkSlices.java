package dev.sluice.chunk;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Gathers chunks and writes them slice by slice, so that memory holds one slice. What an earlier
 * invocation has written, the same text gives again: it is skipped.
 */
final class ChunkSlices implements Consumer<Chunk> {
  /** Some 1.5 MB of text: short transactions, few round trips. */
  private static final int SLICE = 500;

  /** What one more slice may take. */
  private static final Duration ONE_MORE_SLICE = Duration.ofSeconds(8);

  private final ChunkStore store;
  private final ChunkWork work;
  private final Supplier<Duration> remaining;
  private final int writtenBefore;
  private final List<Chunk> slice = new ArrayList<>();
  private int total;
  private boolean written;

  ChunkSlices(ChunkStore store, ChunkWork work, Supplier<Duration> remaining) {
    this.store = store;
    this.work = work;
    this.remaining = remaining;
    this.writtenBefore = store.countWritten(work);
  }

  /** Ends a run whose time is nearly over; what it has written stays. */
  static final class TimeIsUp extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final boolean written;

    private TimeIsUp(boolean written) {
      super("the invocation's time", null, false, false);
      this.written = written;
    }

    /** Whether this run has brought the document further: the next one will, too. */
    boolean hasWritten() {
      return written;
    }
  }

  @Override
  public void accept(Chunk chunk) {
    total++;
    if (chunk.ord() < writtenBefore) {
      return;
    }
    slice.add(chunk);
    if (slice.size() == SLICE) {
      flush();
    }
  }

  /** Writes what is left and tells how many chunks there were. */
  int finish() {
    flush();
    return total;
  }

  private void flush() {
    if (slice.isEmpty()) {
      return;
    }
    if (remaining.get().compareTo(ONE_MORE_SLICE) < 0) {
      throw new TimeIsUp(written);
    }
    store.write(work, slice);
    slice.clear();
    written = true;
  }
}
