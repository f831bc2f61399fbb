package dev.sluice.vectors;

import dev.sluice.bench.BenchDatabase;
import dev.sluice.document.JobRef;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/** A bare binary COPY of one session, as one who is above row-level security. */
final class CopyWriter implements Writer, AutoCloseable {
  private static final String SAME_CONSTRAINTS =
      """
      create table %s (
        like document_vector_buffer including all,
        foreign key (chunk_id, generation, embed_sha)
          references document_chunk_buffer (chunk_id, generation, embed_sha) on delete cascade)
      """;

  private static final String PRIMARY_KEY =
      "create table %s (like document_vector_buffer including defaults, primary key (chunk_id))";

  private static final String COPY =
      """
      copy %s
        (chunk_id, generation, user_id, document_id, embed_sha, embed_model, embed_version,
         vector, vector_sha, batch_id)
      from stdin (format binary)
      """;

  private final String table;
  private final BenchDatabase database;
  private final JobRef job;
  private final List<Sample> samples;
  private final Connection connection;

  private CopyWriter(
      String table, String definition, BenchDatabase database, JobRef job, List<Sample> samples)
      throws SQLException {
    this.table = table;
    this.database = database;
    this.job = job;
    this.samples = samples;
    database.run(List.of(definition.formatted(table)));
    connection = database.connect();
    connection.setAutoCommit(false);
  }

  /** Into a table with every constraint and index that the vector buffer has. */
  static CopyWriter withSameConstraints(BenchDatabase database, JobRef job, List<Sample> samples)
      throws SQLException {
    return new CopyWriter("copy_constraints", SAME_CONSTRAINTS, database, job, samples);
  }

  /** Into a table of the same columns with a primary key and nothing else. */
  static CopyWriter withPrimaryKey(BenchDatabase database, JobRef job, List<Sample> samples)
      throws SQLException {
    return new CopyWriter("copy_key", PRIMARY_KEY, database, job, samples);
  }

  @Override
  public String name() {
    return table;
  }

  @Override
  public Work prepare(int rowsACommit) throws SQLException {
    empty();
    return () -> {
      for (int from = 0; from < samples.size(); from += rowsACommit) {
        copy(samples.subList(from, Math.min(from + rowsACommit, samples.size())));
      }
    };
  }

  void empty() throws SQLException {
    database.run(List.of("truncate " + table));
  }

  /** In one transaction. */
  void copy(List<Sample> slice) throws SQLException {
    CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(COPY.formatted(table));
    try {
      CopyRows rows = new CopyRows(copy, job);
      for (Sample sample : slice) {
        rows.write(sample);
      }
      rows.end();
      connection.commit();
    } finally {
      if (copy.isActive()) {
        copy.cancelCopy();
      }
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
