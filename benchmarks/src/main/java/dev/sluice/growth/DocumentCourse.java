package dev.sluice.growth;

import dev.sluice.api.ApiSteps;
import dev.sluice.bench.BenchDatabase;
import dev.sluice.chunk.ChunkSteps;
import dev.sluice.document.DocumentIds;
import dev.sluice.document.JobRef;
import dev.sluice.embed.EmbedSteps;
import dev.sluice.finalize.FinalizeSteps;
import io.micronaut.context.ApplicationContext;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Takes one document after another through what the functions ask the database, each timed. */
final class DocumentCourse implements AutoCloseable {
  /** Of each measured document: one slice, and one batch. */
  private static final int CHUNKS = 250;

  private final JobRows rows;
  private final ChunkSteps chunk;
  private final EmbedSteps embed;
  private final FinalizeSteps finalize;
  private final ApiSteps api;
  private final List<ApplicationContext> functions = new ArrayList<>();

  private DocumentCourse(BenchDatabase database, UUID userId) throws IOException, SQLException {
    rows = new JobRows(database, userId);
    chunk = new ChunkSteps(start(database, "chunk"), CHUNKS);
    embed = new EmbedSteps(start(database, "embed"));
    finalize = new FinalizeSteps(start(database, "finalize"));
    api = new ApiSteps(start(database, "api"));
  }

  static DocumentCourse in(BenchDatabase database, UUID userId) throws IOException, SQLException {
    return new DocumentCourse(database, userId);
  }

  private ApplicationContext start(BenchDatabase database, String function)
      throws IOException, SQLException {
    ApplicationContext context = database.function(function);
    functions.add(context);
    return context;
  }

  JobRows rows() {
    return rows;
  }

  /** The milliseconds of each step of one new document. */
  Map<String, Double> run() throws SQLException {
    JobRef job = rows.add();
    UUID lease = UUID.randomUUID();
    ChunkSteps.Texts texts = chunk.texts(job);
    Map<String, Double> times = new LinkedHashMap<>();
    time(times, "claim", () -> chunk.claim(job, lease));
    time(times, "transition", () -> chunk.start(job, lease));
    time(times, "write", () -> chunk.write(job, lease, texts));
    time(times, "plan", () -> chunk.plan(job, lease));
    time(times, "claim_batch", () -> embed.claim(job, DocumentIds.batch(job.jobId(), 0)));
    rows.embed(job);
    time(times, "no_batch_open", () -> embed.finish(job));
    time(times, "completeness", () -> finalize.check(job));
    time(times, "progress", () -> api.progress(job.userId(), job.documentId()));
    time(times, "list", () -> api.listJobs(job.userId()));
    return times;
  }

  private static void time(Map<String, Double> times, String step, Runnable work) {
    long began = System.nanoTime();
    work.run();
    times.put(step, (System.nanoTime() - began) / 1e6);
  }

  @Override
  public void close() {
    functions.forEach(ApplicationContext::close);
  }
}
