package dev.sluice.vectors;

import dev.sluice.bench.BenchDatabase;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * What an HNSW index costs a COPY into the table with a primary key: a tenth of the sample's rows
 * three times, on top of half of them, without the index and with it.
 */
record IndexCost(BenchDatabase database, CopyWriter copy, List<Sample> samples) {
  private static final int TIMES = 3;

  private static final String INDEX =
      "create index copy_key_hnsw on copy_key using hnsw (vector vector_cosine_ops)";

  List<Timed> measure() throws SQLException {
    List<Timed> both = new ArrayList<>();
    fill();
    both.add(new Timed("index_absent", rows(), rows(), repeat()));
    fill();
    database.run(List.of(INDEX));
    both.add(new Timed("index_present", rows(), rows(), repeat()));
    return both;
  }

  private int rows() {
    return Math.max(1, samples.size() / 10);
  }

  private int before() {
    return samples.size() / 2;
  }

  private void fill() throws SQLException {
    copy.empty();
    copy.copy(samples.subList(0, before()));
  }

  private List<Double> repeat() throws SQLException {
    database.run(List.of("checkpoint"));
    List<Double> seconds = new ArrayList<>();
    for (int time = 0; time < TIMES; time++) {
      int from = before() + time * rows();
      List<Sample> slice = samples.subList(from, from + rows());
      long began = System.nanoTime();
      copy.copy(slice);
      seconds.add((System.nanoTime() - began) / 1e9);
    }
    return seconds;
  }
}
