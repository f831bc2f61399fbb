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
import java.util.stream.Stream;

/** A way to find a tenant's ten nearest passages. */
enum Finder {
  /** Sluice within a document, which is scanned exactly whatever index there is. */
  SCAN(List.of(), SearchStatement.CHUNKS.formatted("app_user_id()")),

  /** Sluice, by the tenant's own index if there is one. */
  SLUICE(List.of(), SearchStatement.CHUNKS.formatted("null")),

  /** One index over all tenants' passages, followed once; its candidates are then filtered. */
  SHARED(SearchStatement.BY_INDEX, SearchStatement.FILTERED),

  /** The same, followed on until there are enough. */
  SHARED_ITERATIVE(
      Stream.concat(
              SearchStatement.BY_INDEX.stream(),
              Stream.of("set hnsw.iterative_scan = 'relaxed_order'"))
          .toList(),
      SearchStatement.FILTERED);

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
      var sql = statement.replace(SearchStatement.TENANT, tenant.toString());
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
