package dev.sluice.sweep;

import dev.sluice.document.StoragePath;
import dev.sluice.postgres.Sql;
import dev.sluice.postgres.Transactions;
import dev.sluice.storage.DocumentStorage;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Deletes the objects of deleted documents and cancelled jobs: at once, and again when what was
 * signed or running before can bring none of them back.
 */
@Singleton
final class DeleteObjects implements SweepTask {
  /** The next attempt's time keeps a second sweep away meanwhile. */
  private static final String TAKE =
      """
      with due as (
        select object_key
        from object_deletions
        where due_at <= clock_timestamp()
        order by due_at
        limit ?
        for update skip locked)
      update object_deletions d
      set attempts = attempts + 1,
          due_at = clock_timestamp() + make_interval(mins => least(60, 1 << least(attempts, 6)))
      from due
      where d.object_key = due.object_key
      returning d.object_key
      """;

  private static final String FORGET =
      """
      delete from object_deletions where object_key = any (?) and again_at is null
      """;

  private static final String AGAIN =
      """
      update object_deletions
      set due_at = again_at, again_at = null, attempts = 0
      where object_key = any (?) and again_at is not null
      """;

  private final Transactions transactions;
  private final DocumentStorage storage;

  DeleteObjects(Transactions transactions, DocumentStorage storage) {
    this.transactions = transactions;
    this.storage = storage;
  }

  @Override
  public String name() {
    return "objects_deleted";
  }

  @Override
  public int sweepSome() {
    List<String> due =
        transactions.acrossTenants(
            connection -> Sql.query(connection, TAKE, row -> row.getString(1), AT_ONCE));
    List<String> deleted = new ArrayList<>();
    RuntimeException broken = deleteEach(due, deleted);
    settle(deleted.toArray(String[]::new));
    if (broken != null) {
      throw broken;
    }
    return deleted.size();
  }

  private @Nullable RuntimeException deleteEach(List<String> due, List<String> deleted) {
    RuntimeException broken = null;
    for (var key : due) {
      try {
        storage.delete(StoragePath.ofKey(key));
        deleted.add(key);
      } catch (RuntimeException e) {
        broken = e;
      }
    }
    return broken;
  }

  private void settle(String[] deleted) {
    transactions.acrossTenants(
        connection ->
            Sql.update(connection, FORGET, (Object) deleted)
                + Sql.update(connection, AGAIN, (Object) deleted));
  }
}
