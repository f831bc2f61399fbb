package dev.sluice.vectors;

import dev.sluice.embed.EmbedSteps;
import java.util.ArrayList;
import java.util.List;

/** The embed function's own writing, behind row-level security: a batch to a transaction. */
record SluiceWriter(EmbedSteps embed, ChunkRows chunks, List<Sample> samples) implements Writer {
  @Override
  public String name() {
    return "sluice";
  }

  @Override
  public Work prepare(int rowsACommit) throws Exception {
    chunks.plan(rowsACommit);
    List<Runnable> batches = new ArrayList<>();
    for (int from = 0; from < samples.size(); from += rowsACommit) {
      int to = Math.min(from + rowsACommit, samples.size());
      batches.add(
          embed.storing(
              chunks.job(),
              chunks.batch(from, rowsACommit),
              samples.subList(from, to).stream().map(Sample::vector).toList()));
    }
    return () -> batches.forEach(Runnable::run);
  }
}
