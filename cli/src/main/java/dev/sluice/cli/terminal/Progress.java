package dev.sluice.cli.terminal;

import dev.sluice.cli.api.Job;
import org.jspecify.annotations.Nullable;

/** A job's counts, with nothing where nothing is known yet. */
record Progress(int pages, int total, int chunks, int vectors) {
  private static final Progress NONE = new Progress(0, 0, 0, 0);

  static Progress of(@Nullable Job job) {
    Job.Progress known = job == null ? null : job.progress();
    if (known == null) {
      return NONE;
    }
    return new Progress(
        orZero(known.pages()),
        orZero(known.chunksTotal()),
        orZero(known.chunksDone()),
        orZero(known.embedsDone()));
  }

  private static int orZero(@Nullable Integer count) {
    return count == null ? 0 : count;
  }
}
