package dev.sluice.vectors;

import com.zaxxer.hikari.HikariDataSource;
import dev.sluice.bench.BenchDatabase;
import dev.sluice.embed.EmbedSteps;
import io.micronaut.context.ApplicationContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes the same vectors in every way, in turn.
 *
 * <p>Arguments: an empty folder, the file for the results, how many vectors, how many rounds are
 * counted. Each line of the results: name, rows, rows a commit, and the seconds of each round,
 * between tabs; the last two lines are {@link IndexCost}'s.
 */
public final class VectorInserts {
  /** What a batch has by default, and the most texts that a request may have. */
  private static final List<Integer> ROWS_A_COMMIT = List.of(256, 2_048);

  /** In the first round the compilers see the code for the first time. */
  private static final int WARM_UP = 1;

  private final BenchDatabase database;
  private final List<Turn> turns = new ArrayList<>();

  private VectorInserts(BenchDatabase database, List<Writer> writers) {
    this.database = database;
    for (int rows : ROWS_A_COMMIT) {
      writers.forEach(writer -> turns.add(new Turn(writer, rows, new ArrayList<>())));
    }
  }

  private record Turn(Writer writer, int rowsACommit, List<Double> seconds) {}

  public static void main(String[] arguments) throws Exception {
    Path results = Path.of(arguments[1]);
    List<Sample> samples = Sample.of(Integer.parseInt(arguments[2]));
    int rounds = Integer.parseInt(arguments[3]);
    try (BenchDatabase database = BenchDatabase.start(Path.of(arguments[0]));
        ApplicationContext embed = database.function("embed");
        HikariDataSource langChain4j = sessions(database);
        HikariDataSource springAi = sessions(database)) {
      ChunkRows chunks = ChunkRows.add(database, samples);
      try (CopyWriter constraints =
              CopyWriter.withSameConstraints(database, chunks.job(), samples);
          CopyWriter key = CopyWriter.withPrimaryKey(database, chunks.job(), samples)) {
        List<Writer> writers =
            List.of(
                new SluiceWriter(new EmbedSteps(embed), chunks, samples),
                constraints,
                key,
                new LangChain4jWriter(database, langChain4j, samples),
                new SpringAiWriter(database, springAi, samples));
        List<Timed> all = new VectorInserts(database, writers).run(rounds, samples.size());
        all.addAll(new IndexCost(database, key, samples).measure());
        Files.write(results, all.stream().map(Timed::line).toList());
      }
    }
  }

  /** A pool for each store: what one makes known to a session would serve the other too. */
  private static HikariDataSource sessions(BenchDatabase database) {
    HikariDataSource sessions = new HikariDataSource();
    sessions.setJdbcUrl(database.url());
    sessions.setUsername(database.superuser().user());
    sessions.setPassword(database.superuser().password());
    sessions.setMaximumPoolSize(2);
    return sessions;
  }

  private List<Timed> run(int rounds, int rows) throws Exception {
    for (int round = 0; round < WARM_UP + rounds; round++) {
      for (int place = 0; place < turns.size(); place++) {
        // Another one begins each round.
        Turn turn = turns.get((round + place) % turns.size());
        double seconds = time(turn);
        if (round >= WARM_UP) {
          turn.seconds.add(seconds);
        }
      }
    }
    return new ArrayList<>(
        turns.stream()
            .map(turn -> new Timed(turn.writer.name(), rows, turn.rowsACommit, turn.seconds))
            .toList());
  }

  private double time(Turn turn) throws Exception {
    Writer.Work work = turn.writer.prepare(turn.rowsACommit);
    database.run(List.of("checkpoint"));
    long began = System.nanoTime();
    work.run();
    double seconds = (System.nanoTime() - began) / 1e9;
    System.err.printf("%s, %d a commit: %.2f s%n", turn.writer.name(), turn.rowsACommit, seconds);
    return seconds;
  }
}
