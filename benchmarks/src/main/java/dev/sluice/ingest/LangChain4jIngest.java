package dev.sluice.ingest;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * LangChain4j's ingestor in a process of its own, which stays warm between rounds.
 *
 * <p>Arguments: the provider's address and key, JDBC URL and user; the password is in {@code
 * SLUICE_BENCH_PASSWORD}. Each line of the input is a round: table, threads and folder of Markdown
 * files, between tabs. Each line of the output is its answer, see {@link Round#line}.
 */
public final class LangChain4jIngest {
  private LangChain4jIngest() {}

  public static void main(String[] arguments) throws Exception {
    PrintStream answers = System.out;
    // Whatever a library prints is no answer.
    System.setOut(System.err);
    try (Ingestors ingestors =
            new Ingestors(
                arguments[0],
                arguments[1],
                arguments[2],
                arguments[3],
                System.getenv("SLUICE_BENCH_PASSWORD"));
        BufferedReader rounds =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = rounds.readLine(); line != null; line = rounds.readLine()) {
        String[] round = line.split("\t", 3);
        answers.println(
            ingestors.run(round[0], Integer.parseInt(round[1]), Path.of(round[2])).line());
        answers.flush();
      }
    }
  }
}
