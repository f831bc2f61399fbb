package dev.sluice.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** All that one tenant's document has left, without what differs from tenant to tenant. */
record Evidence(Map<String, List<String>> rows, List<String> paid) {
  private static final String CHUNKS =
      """
      select concat_ws(' ', c.chunk_ord, c.chunk_sha, c.embed_sha, c.vector_sha, c.embed_model,
                       c.generation = d.active_generation)
      from document_chunks c
      join documents d using (document_id)
      where c.user_id = ?
      order by c.generation, c.chunk_ord
      """;

  private static final String CHUNK_BUFFER =
      """
      select concat_ws(' ', chunk_ord, chunk_sha, embed_sha, batch_id is null)
      from document_chunk_buffer
      where user_id = ?
      order by generation, chunk_ord
      """;

  private static final String VECTOR_BUFFER =
      """
      select concat_ws(' ', c.chunk_ord, v.embed_sha, v.vector_sha)
      from document_vector_buffer v
      join document_chunk_buffer c using (chunk_id, generation)
      where v.user_id = ?
      order by c.generation, c.chunk_ord
      """;

  private static final String BATCHES =
      """
      select concat_ws(' ', batch_no, state, texts, tokens, leased_until)
      from embedding_batches
      where user_id = ?
      order by generation, batch_no
      """;

  private static final String JOBS =
      """
      select concat_ws(' ', status, retry_count, lease_token, wait_reason, last_error)
      from upload_jobs
      where user_id = ?
      order by generation
      """;

  /** A fast embed overtakes embedding_queued, which is as legal. */
  private static final String TRANSITIONS =
      """
      select e.to_status
      from job_events e
      where e.user_id = ? and e.kind = 'transition' and e.to_status <> 'embedding_queued'
      order by e.event_id
      """;

  private static final String TEXTS =
      "select concat_ws(' ', parsed_sha256, bytes) from parsed_objects where user_id = ?";

  /** A call that was refused is a row of the ledger as well, and costs nothing. */
  private static final String PAID =
      """
      select concat_ws(' ', provider, operation, state)
      from provider_calls
      where user_id = ? and cost_nanousd > 0
      order by provider, operation, state
      """;

  /** The cloud's database, as its superuser sees it. */
  interface Database {
    /** The first column of every row. */
    List<String> ask(String sql, Object... parameters) throws SQLException;
  }

  static Evidence of(CrashCloud cloud, UUID user) throws SQLException, IOException {
    return of(cloud::ask, cloud.state, user);
  }

  /**
   * @param state the cloud's folder, in which the objects are
   */
  static Evidence of(Database database, Path state, UUID user) throws SQLException, IOException {
    var rows = new LinkedHashMap<String, List<String>>();
    rows.put("jobs", database.ask(JOBS, user));
    rows.put("transitions", database.ask(TRANSITIONS, user));
    rows.put("canonical texts", database.ask(TEXTS, user));
    rows.put("chunk buffer", database.ask(CHUNK_BUFFER, user));
    rows.put("vector buffer", database.ask(VECTOR_BUFFER, user));
    rows.put("batches", database.ask(BATCHES, user));
    rows.put("chunks", database.ask(CHUNKS, user));
    rows.put("objects", objects(state.resolve("objects"), user));
    return new Evidence(rows, database.ask(PAID, user));
  }

  private static List<String> objects(Path folder, UUID user) throws IOException {
    try (var files = Files.walk(folder)) {
      return files
          .filter(Files::isRegularFile)
          .map(Path::toString)
          .filter(path -> path.contains(user.toString()))
          .map(path -> path.contains("/raw/") ? "raw" : "parsed")
          .sorted()
          .toList();
    }
  }

  /** Where this one differs from the undisturbed one, in words. */
  List<String> differences(Evidence undisturbed) {
    var all = new ArrayList<String>();
    rows.forEach(
        (what, mine) -> {
          var others = undisturbed.rows.getOrDefault(what, List.of());
          if (!mine.equals(others)) {
            all.add(difference(what, mine, others));
          }
        });
    return all;
  }

  private static String difference(String what, List<String> mine, List<String> others) {
    var extra = new ArrayList<>(mine);
    others.forEach(extra::remove);
    var missing = new ArrayList<>(others);
    mine.forEach(missing::remove);
    return "%s: %d rows for %d, unexpected %s, missing %s"
        .formatted(what, mine.size(), others.size(), first(extra), first(missing));
  }

  private static List<String> first(List<String> some) {
    return some.subList(0, Math.min(3, some.size()));
  }

  /** How many more paid calls were made than undisturbed. */
  int paidMore(Evidence undisturbed) {
    return paid.size() - undisturbed.paid.size();
  }
}
