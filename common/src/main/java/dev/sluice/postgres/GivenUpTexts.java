package dev.sluice.postgres;

import dev.sluice.document.JobRef;
import dev.sluice.document.StoragePath;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * Takes text and objects from jobs that have ended for good. A canonical text stays while another
 * job refers to it, under whichever job's name it lies; the last one to let go takes it along.
 *
 * <p>The keys go into {@code object_deletions}, which the sweep works off: once at once, and once
 * more when nothing that was signed or running before can bring an object back.
 */
public final class GivenUpTexts {
  /** A signed upload lives for 15 minutes, and one that began in its last second may be slow. */
  private static final Duration NOTHING_COMES_BACK = Duration.ofHours(1);

  private static final String HASHES =
      """
      select distinct parsed_sha256
      from upload_jobs
      where job_id = any (?::uuid[]) and parsed_sha256 is not null
      """;

  private static final String LET_GO =
      """
      update upload_jobs
      set parsed_path = null, parsed_sha256 = null, purged_at = coalesce(purged_at, clock_timestamp())
      where job_id = any (?::uuid[])
      """;

  /** Without the lock, a job that comes to the same text now could lose it behind its back. */
  private static final String LOCK =
      """
      select parsed_sha256
      from parsed_objects
      where user_id = ? and parsed_sha256 = any (?)
      order by parsed_sha256
      for update
      """;

  private static final String FORGET =
      """
      delete from parsed_objects t
      where t.user_id = ? and t.parsed_sha256 = any (?)
        and not exists (
          select from upload_jobs j
          where j.user_id = t.user_id and j.parsed_sha256 = t.parsed_sha256)
      returning t.path
      """;

  private static final String STILL_NEEDED =
      """
      select path from parsed_objects where path = any (?)
      """;

  private static final String TO_BE_DELETED =
      """
      insert into object_deletions (object_key, user_id, again_at)
      select key, ?, clock_timestamp() + make_interval(secs => ?)
      from unnest(?::text[]) as key
      on conflict (object_key) do update
      set due_at = clock_timestamp(), again_at = excluded.again_at, attempts = 0
      """;

  private GivenUpTexts() {}

  /**
   * A job that has ended.
   *
   * @param rawPath of the bytes as they were uploaded
   */
  public record Ended(JobRef job, StoragePath rawPath) {}

  /** Gives up text and objects of one tenant's jobs, inside the caller's transaction. */
  public static void giveUp(Connection connection, UUID userId, List<Ended> ended)
      throws SQLException {
    var ids = ended.stream().map(e -> e.job().jobId().toString()).toArray(String[]::new);
    var hashes =
        Sql.query(connection, HASHES, row -> row.getString(1), (Object) ids).toArray(String[]::new);
    Sql.update(connection, LET_GO, (Object) ids);
    Sql.query(connection, LOCK, row -> row.getString(1), userId, hashes);
    var forgotten =
        Sql.query(connection, FORGET, row -> row.getString(1), userId, hashes).stream()
            .map(StoragePath::ofUri)
            .toList();
    Sql.update(
        connection,
        TO_BE_DELETED,
        userId,
        (double) NOTHING_COMES_BACK.toSeconds(),
        keys(connection, ended, forgotten));
  }

  private static String[] keys(
      Connection connection, List<Ended> ended, List<StoragePath> forgotten) throws SQLException {
    Set<StoragePath> paths = new LinkedHashSet<>(forgotten);
    for (var job : ended) {
      paths.add(job.rawPath());
      paths.add(StoragePath.parserResult(job.job()));
      paths.add(StoragePath.canonicalText(job.job()));
    }
    var uris = paths.stream().map(StoragePath::uri).toArray(String[]::new);
    Sql.query(connection, STILL_NEEDED, row -> row.getString(1), (Object) uris).stream()
        .map(StoragePath::ofUri)
        .forEach(paths::remove);
    return paths.stream().map(StoragePath::key).toArray(String[]::new);
  }
}
