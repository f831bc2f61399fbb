package dev.sluice.cli;

import dev.sluice.postgres.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Rows that search reads, as the pipeline leaves them. */
final class Passages {
  private static final String DOCUMENT =
      """
      insert into documents
        (user_id, document_id, filename, mime_type, next_generation, current_generation,
         active_generation)
      values (?, ?, 'a.md', 'text/markdown', 3, 2, 2)
      """;

  /** Random vectors, the same in every run of a session that has set its seed. */
  private static final String PASSAGE =
      """
      insert into document_chunks
        (chunk_id, generation, user_id, document_id, chunker_name, chunker_version, chunk_ord,
         chunk_sha, embed_sha, embed_model, embed_version, text, vector, vector_sha)
      select gen_random_uuid(), d.generation, d.user_id, d.document_id, 'markdown-simple', '1', i,
             repeat('0', 64), repeat('0', 64), 'text-embedding-3-small', '1', 'passage ' || i,
             (select array_agg(random() - 0.5) from generate_series(1, 1536) k where i > 0)::vector,
             repeat('0', 64)
      from (select ?::uuid as user_id, ?::uuid as document_id, ?::integer as generation) d,
           generate_series(?::integer, ?::integer) i
      """;

  private static final String QUESTION =
      """
      select vector::text from document_chunks
      where document_id = ? and generation = 2 and chunk_ord = ?
      """;

  private static final String NEAREST =
      """
      select chunk_ord
      from search_chunks(?::vector, 'text-embedding-3-small', '1', ?::uuid, 10)
      """;

  private static final String SCANS =
      """
      select coalesce(sum(idx_scan), 0) from pg_stat_user_indexes where indexrelname like 'near\\_%'
      """;

  private Passages() {}

  /** The vectors that this session makes from now on are those of every run. */
  static void seed(Connection connection) throws SQLException {
    var unused = Sql.queryForText(connection, "select setseed(0.42)");
  }

  /** A document of which the second generation is active. */
  static void document(Connection connection, UUID user, UUID documentId) throws SQLException {
    Sql.update(connection, DOCUMENT, user, documentId);
  }

  static void add(
      Connection connection, UUID user, UUID documentId, int generation, int first, int last)
      throws SQLException {
    Sql.update(connection, PASSAGE, user, documentId, generation, first, last);
  }

  /** The vector of a passage of the second generation. */
  static String vector(Connection connection, UUID documentId, int ordinal) throws SQLException {
    return String.valueOf(Sql.queryForText(connection, QUESTION, documentId, ordinal));
  }

  /**
   * As the API asks; what it counted of its scans is known when it has answered.
   *
   * @param document in which to search; null for all
   */
  static List<String> nearest(Connection api, UUID tenant, String question, @Nullable UUID document)
      throws SQLException {
    var unused =
        Sql.queryForText(api, "select set_config('app.user_id', ?, false)", tenant.toString());
    var found = Sql.query(api, NEAREST, row -> row.getString(1), question, document);
    unused = Sql.queryForText(api, "select pg_stat_force_next_flush()");
    return found;
  }

  /** How often the tenants' indexes were used. */
  static String scans(Connection connection) throws SQLException {
    return String.valueOf(Sql.queryForText(connection, SCANS));
  }
}
