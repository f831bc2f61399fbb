package dev.sluice.search;

import com.pgvector.PGvector;
import dev.sluice.bench.BenchDatabase;
import dev.sluice.document.EmbeddingModel;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;

/** Tenants' promoted passages, a document for each tenant. */
record Passages(BenchDatabase database) {
  private static final int ROWS_A_BATCH = 500;

  private static final String DOCUMENT =
      """
      insert into documents
        (user_id, document_id, filename, mime_type, next_generation, current_generation,
         active_generation)
      values (?, ?, 'bench.md', 'text/markdown', 2, 1, 1)
      on conflict do nothing
      """;

  private static final String PASSAGE =
      """
      insert into document_chunks
        (chunk_id, generation, user_id, document_id, chunker_name, chunker_version, chunk_ord,
         chunk_sha, embed_sha, embed_model, embed_version, text, vector, vector_sha)
      select gen_random_uuid(), 1, u, u, 'markdown-simple', '1', i, sha, sha, ?, ?,
             repeat(sha || ' ', 20), ?, sha
      from (select ?::uuid as u, ?::integer as i) x,
           lateral encode(sha256(convert_to(u::text || i, 'UTF8')), 'hex') as sha
      """;

  /**
   * Adds passages of the tenant, from an ordinal on, in one transaction.
   *
   * @return the seconds of it
   */
  double add(UUID tenant, int from, List<float[]> vectors) throws SQLException {
    database.run(List.of(DOCUMENT), tenant, tenant);
    try (var connection = database.connect()) {
      connection.setAutoCommit(false);
      PGvector.registerTypes(connection);
      long began = System.nanoTime();
      insert(connection, tenant, from, vectors);
      connection.commit();
      return (System.nanoTime() - began) / 1e9;
    }
  }

  private static void insert(Connection connection, UUID tenant, int from, List<float[]> vectors)
      throws SQLException {
    try (var statement = connection.prepareStatement(PASSAGE)) {
      int rows = 0;
      for (var vector : vectors) {
        statement.setString(1, EmbeddingModel.DEFAULT.name());
        statement.setString(2, EmbeddingModel.DEFAULT.version());
        statement.setObject(3, new PGvector(vector));
        statement.setObject(4, tenant);
        statement.setInt(5, from + ++rows);
        statement.addBatch();
        if (rows % ROWS_A_BATCH == 0) {
          statement.executeBatch();
        }
      }
      statement.executeBatch();
    }
  }

  void remove(UUID tenant, int from) throws SQLException {
    database.run(
        List.of("delete from document_chunks where user_id = ? and chunk_ord > ?"), tenant, from);
  }

  void removeAll() throws SQLException {
    database.run(List.of("truncate documents cascade", "delete from search_indexes"));
  }

  void settle() throws SQLException {
    database.run(List.of("vacuum analyze document_chunks", "analyze", "checkpoint"));
  }
}
