package dev.sluice.cli.bench;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** LangChain4j's ingestor in a process of its own, against a cloud's provider and database. */
final class PeerIngest implements AutoCloseable {
  private static final String MAIN = "dev.sluice.ingest.LangChain4jIngest";
  private static final String DATABASE = "langchain4j";

  /** What the simulated provider takes for a key. */
  private static final String KEY = "sk-local";

  private static final long GRACE_SECONDS = 10;

  private final Process process;
  private final Path log;
  private final BufferedWriter rounds;
  private final BufferedReader answers;

  private PeerIngest(Process process, Path log) {
    this.process = process;
    this.log = log;
    this.rounds = process.outputWriter(StandardCharsets.UTF_8);
    this.answers = process.inputReader(StandardCharsets.UTF_8);
  }

  /**
   * What a round came to. The parts are sums over all threads.
   *
   * @param seconds in all
   * @param segments that were stored
   * @param splitting seconds
   * @param embedding seconds
   * @param storing seconds
   */
  record Result(double seconds, int segments, double splitting, double embedding, double storing) {
    static Result of(String line) {
      String[] figures = line.split("\t");
      return new Result(
          Double.parseDouble(figures[0]),
          Integer.parseInt(figures[1]),
          Double.parseDouble(figures[2]),
          Double.parseDouble(figures[3]),
          Double.parseDouble(figures[4]));
    }
  }

  /**
   * @param log for what it says beside its answers
   */
  static PeerIngest start(BenchmarkModule module, BenchCloud cloud, Path log)
      throws IOException, SQLException {
    try (Connection maintenance = cloud.postgres().connect("postgres");
        Statement create = maintenance.createStatement()) {
      create.execute("create database " + DATABASE);
    }
    Files.createDirectories(log.getParent());
    List<String> arguments =
        List.of(
            cloud.endpoints().openAi() + "/v1",
            KEY,
            cloud.postgres().url(DATABASE),
            cloud.postgres().user());
    ProcessBuilder builder =
        new ProcessBuilder(module.java(MAIN, arguments)).redirectError(log.toFile());
    builder.environment().put("SLUICE_BENCH_PASSWORD", cloud.postgres().password());
    return new PeerIngest(builder.start(), log);
  }

  /** Ingests a folder's files into a new table. */
  Result run(String table, int threads, Path folder) throws IOException {
    rounds.write(table + "\t" + threads + "\t" + folder + "\n");
    rounds.flush();
    String line = answers.readLine();
    if (line == null) {
      throw new IOException("LangChain4j's ingestor has ended; what it said is in " + log);
    }
    return Result.of(line);
  }

  /** The end of its input ends it. */
  @Override
  public void close() throws IOException {
    try (rounds;
        answers) {
      rounds.close();
      if (!process.waitFor(GRACE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
