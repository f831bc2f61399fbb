package dev.sluice.localstack.postgres;

import dev.sluice.postgres.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The tenants' own approximate indexes. Searches and inserts go on while one is built; search takes
 * to it by one row, and to the one before it until then.
 */
public final class SearchIndexes {
  private static final String LOCK = "select pg_try_advisory_lock(hashtext('sluice index'))";

  private static final String TENANTS =
      """
      select c.user_id, count(*) as active,
             count(*) filter (where i.promoted_before is null or c.promoted_at >= i.promoted_before)
               as scanned,
             coalesce(max(i.passages), 0) as indexed
      from document_chunks c
      join documents d
        on d.document_id = c.document_id and d.active_generation = c.generation
       and d.deleted_at is null
      left join search_indexes i on i.user_id = c.user_id
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
      insert into search_indexes (user_id, index_name, promoted_before, passages)
      select u, ?, t, (select count(*) from document_chunks c
                       where c.user_id = u and c.promoted_at < t and c.vector is not null)
      from (select ?::uuid as u, ?::timestamptz as t) x
      on conflict (user_id) do update
      set index_name = excluded.index_name, promoted_before = excluded.promoted_before,
          passages = excluded.passages, built_at = clock_timestamp()
      """;

  private static final String FORGET = "delete from search_indexes where user_id = ?";

  /** Of tenants of whom nothing is found, and of indexes that somebody has dropped. */
  private static final String FORGET_LOST =
      """
      delete from search_indexes i
      where not exists (
          select from documents d
          where d.user_id = i.user_id and d.active_generation is not null and d.deleted_at is null)
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
      where datname = current_database() and relid = 'document_chunks'::regclass
      limit 1
      """;

  private final Connection connection;

  /**
   * @param connection in auto-commit, of the tables' owner or a superuser
   */
  public SearchIndexes(Connection connection) {
    this.connection = connection;
  }

  /**
   * What search finds of a tenant: passages of active generations that have a vector.
   *
   * @param scanned those that a search reads one by one
   * @param indexed what its index was built over, active or not; 0 if it has none
   */
  public record Tenant(UUID userId, long active, long scanned, long indexed) {
    /** Whether more than so many are scanned, or most of what was indexed is gone. */
    public boolean needsIndex(int rows) {
      return scanned > rows || active > rows && 2 * active < indexed;
    }

    /** Whether it has one that is not worth its room: so few that more to come will not matter. */
    public boolean needsNoIndex(int rows) {
      return indexed > 0 && 2 * active <= rows;
    }
  }

  /** Whether this session is the only one to change indexes from now on. */
  public boolean lock() throws SQLException {
    return "t".equals(Sql.queryForText(connection, LOCK));
  }

  public List<Tenant> tenants() throws SQLException {
    return seeingAll(() -> Sql.query(connection, TENANTS, SearchIndexes::tenant));
  }

  /**
   * Builds an index over all that the tenant has by now; about a thousand rows a second and core.
   *
   * @param megabytes of memory that the server may use for it; what needs more is built many times
   *     as slowly
   */
  public void build(UUID userId, int megabytes) throws SQLException {
    String before = Objects.requireNonNull(Sql.queryForText(connection, NOW));
    String name = Objects.requireNonNull(Sql.queryForText(connection, NEW_NAME, userId, before));
    execute("set maintenance_work_mem = '%dMB'".formatted(megabytes));
    execute(BUILD.formatted(name, userId, before));
    int unused = seeingAll(() -> Sql.update(connection, TAKE, name, userId, before));
    dropUnused();
  }

  /** Lets search scan the tenant's rows exactly again. */
  public void drop(UUID userId) throws SQLException {
    int unused = seeingAll(() -> Sql.update(connection, FORGET, userId));
    dropUnused();
  }

  /** Drops what no search uses: older ones, and what an interrupted build has left. */
  public void dropUnused() throws SQLException {
    for (String name : seeingAll(this::forgetLost)) {
      execute("drop index concurrently if exists %s".formatted(name));
    }
  }

  private List<String> forgetLost() throws SQLException {
    Sql.update(connection, FORGET_LOST);
    return Sql.query(connection, UNUSED, row -> row.getString(1));
  }

  /** How far a build is, of another session; null if there is none. */
  public @Nullable String progress() throws SQLException {
    return Sql.queryForText(connection, PROGRESS);
  }

  private static Tenant tenant(ResultSet row) throws SQLException {
    return new Tenant(
        Objects.requireNonNull(row.getObject("user_id", UUID.class)),
        row.getLong("active"),
        row.getLong("scanned"),
        row.getLong("indexed"));
  }

  private interface Call<T> {
    T run() throws SQLException;
  }

  /** The owner of the tables makes the indexes, and sees no tenant's rows. */
  private <T> T seeingAll(Call<T> call) throws SQLException {
    OperatorRole.assume(connection);
    try {
      return call.run();
    } finally {
      OperatorRole.leave(connection);
    }
  }

  private void execute(String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
