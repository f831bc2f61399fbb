package dev.sluice.localstack.postgres;

import dev.sluice.postgres.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The tenants' own approximate indexes, on a connection of the owner's in auto-commit. Searches and
 * inserts go on while one is built; search takes to it in one row, and to the one before it until
 * then.
 */
public final class SearchIndexes {
  private static final String LOCK = "select pg_try_advisory_lock(hashtext('sluice index'))";

  private static final String TENANTS =
      """
      select c.user_id, count(*) as total,
             count(*) filter (where i.promoted_before is null or c.promoted_at >= i.promoted_before)
               as scanned,
             bool_or(i.user_id is not null) as indexed
      from document_chunks c
      left join search_indexes i using (user_id)
      where c.vector is not null
      group by c.user_id
      order by c.user_id
      """;

  private static final String NOW = "select clock_timestamp()::text";

  private static final String NEW_NAME =
      """
      select 'near_' || replace(?::text, '-', '')
             || '_' || (1000 * extract(epoch from ?::timestamptz))::bigint
      """;

  /** Names and literals of our own making; a statement that defines takes no parameters. */
  private static final String BUILD =
      """
      create index concurrently %s on document_chunks
      using hnsw ((vector::halfvec(1536)) halfvec_cosine_ops)
      where user_id = '%s' and promoted_at < '%s'
      """;

  private static final String TAKE =
      """
      insert into search_indexes (user_id, index_name, promoted_before)
      values (?, ?, ?::timestamptz)
      on conflict (user_id) do update
      set index_name = excluded.index_name, promoted_before = excluded.promoted_before,
          built_at = clock_timestamp()
      """;

  private static final String FORGET = "delete from search_indexes where user_id = ?";

  /** Of tenants without rows, and of indexes that somebody has dropped. */
  private static final String FORGET_LOST =
      """
      delete from search_indexes i
      where not exists (select from document_chunks c where c.user_id = i.user_id)
        or not exists (
          select from pg_index x
          where x.indexrelid = to_regclass(i.index_name) and x.indisvalid)
      """;

  private static final String UNUSED =
      """
      select c.relname
      from pg_index x
      join pg_class c on c.oid = x.indexrelid
      where x.indrelid = 'document_chunks'::regclass and c.relname ~ '^near_[0-9a-f]{32}_[0-9]+$'
        and not exists (select from search_indexes i where i.index_name = c.relname)
      """;

  private static final String PROGRESS =
      """
      select phase || case when blocks_total > 0
                        then format(', %s %%', 100 * blocks_done / blocks_total) else '' end
      from pg_stat_progress_create_index
      where relid = 'document_chunks'::regclass
      limit 1
      """;

  private final Connection connection;

  public SearchIndexes(Connection connection) {
    this.connection = connection;
  }

  /**
   * A tenant's rows that have a vector.
   *
   * @param scanned those that a search reads one by one
   * @param indexed whether the others are in an index
   */
  public record Tenant(UUID userId, long total, long scanned, boolean indexed) {}

  /** Whether this session is the only one to change indexes from now on. */
  public boolean lock() throws SQLException {
    return "t".equals(Sql.queryForText(connection, LOCK));
  }

  public List<Tenant> tenants() throws SQLException {
    return Sql.query(
        connection,
        TENANTS,
        row ->
            new Tenant(
                Objects.requireNonNull(row.getObject("user_id", UUID.class)),
                row.getLong("total"),
                row.getLong("scanned"),
                row.getBoolean("indexed")));
  }

  /**
   * Builds an index over all that the tenant has by now; about a thousand rows a second and core.
   *
   * @param megabytes of memory that the build may use; above it, it becomes many times as slow
   */
  public void build(UUID userId, int megabytes) throws SQLException {
    String before = Objects.requireNonNull(Sql.queryForText(connection, NOW));
    String name = Objects.requireNonNull(Sql.queryForText(connection, NEW_NAME, userId, before));
    execute("set maintenance_work_mem = '" + megabytes + "MB'");
    execute(BUILD.formatted(name, userId, before));
    Sql.update(connection, TAKE, userId, name, before);
    dropUnused();
  }

  /** Lets search scan the tenant's rows exactly again. */
  public void drop(UUID userId) throws SQLException {
    Sql.update(connection, FORGET, userId);
    dropUnused();
  }

  /** Drops what no search uses: older ones, and what an interrupted build has left. */
  public void dropUnused() throws SQLException {
    Sql.update(connection, FORGET_LOST);
    for (String name : Sql.query(connection, UNUSED, row -> row.getString(1))) {
      execute("drop index concurrently if exists " + name);
    }
  }

  /** How far a build is, of another session; null if there is none. */
  public @Nullable String progress() throws SQLException {
    return Sql.queryForText(connection, PROGRESS);
  }

  private void execute(String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
