package dev.sluice.chunk;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Gathers chunks and writes them slice by slice, so that memory holds one slice. */
final class ChunkSlices implements Consumer<Chunk> {
  /** Some 1.5 MB of text: short transactions, few round trips. */
  private static final int SLICE = 500;

  private final ChunkStore store;
  private final ChunkWork work;
  private final List<Chunk> slice = new ArrayList<>();
  private int total;

  ChunkSlices(ChunkStore store, ChunkWork work) {
    this.store = store;
    this.work = work;
  }

  @Override
  public void accept(Chunk chunk) {
    slice.add(chunk);
    total++;
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
    if (!slice.isEmpty()) {
      store.write(work, slice);
      slice.clear();
    }
  }
}
