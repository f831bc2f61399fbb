package dev.sluice.search;

import com.pgvector.PGvector;
import dev.sluice.bench.BenchDatabase;
import dev.sluice.document.EmbeddingModel;
import dev.sluice.postgres.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** A way to find a tenant's ten nearest passages. */
enum Finder {
  /** Sluice without an index, and with the tenant's own: what the API asks. */
  SLUICE(
      List.of(),
      """
      select chunk_id from search_chunks(?, ?, ?, null, 10)
      """),

  /** One index over all tenants' passages, followed once; its candidates are then filtered. */
  SHARED(List.of("set enable_sort = off", "set jit = off", "set hnsw.ef_search = 100"), ""),

  /** The same, followed on until there are enough. */
  SHARED_ITERATIVE(
      List.of(
          "set enable_sort = off",
          "set jit = off",
          "set hnsw.ef_search = 100",
          "set hnsw.iterative_scan = 'strict_order'"),
      "");

  /** As search_by_index asks, without a moment before which passages are in the index. */
  private static final String FILTERED =
      """
      with indexed as materialized (
        select c.chunk_id, c.vector <=> q.v as distance
        from (select ?::vector as v, ?::text as m, ?::text as n) q
        cross join lateral (
          select c.chunk_id, c.vector
          from document_chunks c
          where c.user_id = '%s' and c.vector is not null and c.embed_model = q.m
            and c.embed_version = q.n
            and c.generation = (select d.active_generation from documents d
                                where d.document_id = c.document_id and d.deleted_at is null)
          order by c.vector::halfvec(1536) <=> q.v::halfvec(1536)
          limit 40) c)
      select chunk_id from indexed order by distance, chunk_id limit 10
      """;

  private final List<String> settings;
  private final String statement;

  Finder(List<String> settings, String statement) {
    this.settings = settings;
    this.statement = statement;
  }

  /** The nearest, and how long each question took. */
  record Found(List<List<UUID>> nearest, List<Double> milliseconds) {}

  /** Asks all in one session, the first twice. */
  Found find(BenchDatabase database, UUID tenant, List<float[]> questions) throws SQLException {
    try (var connection = database.connect()) {
      PGvector.registerTypes(connection);
      var unused =
          Sql.queryForText(
              connection, "select set_config('app.user_id', ?, false)", tenant.toString());
      for (var setting : settings) {
        Sql.update(connection, setting);
      }
      var sql = statement.isEmpty() ? FILTERED.formatted(tenant) : statement;
      var unmeasured = ask(connection, sql, questions.getFirst());
      var nearest = new ArrayList<List<UUID>>();
      var milliseconds = new ArrayList<Double>();
      for (var question : questions) {
        long began = System.nanoTime();
        nearest.add(ask(connection, sql, question));
        milliseconds.add((System.nanoTime() - began) / 1e6);
      }
      return new Found(nearest, milliseconds);
    }
  }

  private static List<UUID> ask(Connection connection, String sql, float[] question)
      throws SQLException {
    return Sql.query(
        connection,
        sql,
        row -> row.getObject(1, UUID.class),
        new PGvector(question),
        EmbeddingModel.DEFAULT.name(),
        EmbeddingModel.DEFAULT.version());
  }
}
