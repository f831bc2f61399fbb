package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.localstack.postgres.EphemeralDatabase;
import dev.sluice.localstack.postgres.EphemeralPostgres;
import dev.sluice.postgres.Sql;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("servers")
class IndexCommandTest {
  private static final int PASSAGES = 800;

  private static final String INDEXES =
      "select count(*) from pg_class where relname like 'near\\_%' and relkind = 'i'";

  private final UUID user = UUID.randomUUID();
  private final UUID documentId = UUID.randomUUID();

  @TempDir private Path folder;
  private EphemeralDatabase database;
  private Connection owner;

  @BeforeEach
  void fill() throws SQLException {
    database = EphemeralPostgres.newDatabase();
    owner = database.connect();
    Passages.seed(owner);
    Passages.document(owner, user, documentId);
    Passages.add(owner, user, documentId, 2, 1, PASSAGES);
  }

  @AfterEach
  void stop() throws SQLException {
    owner.close();
    database.close();
  }

  @Test
  void findsWithTheIndexWhatAScanFinds() throws SQLException {
    var scanned = nearest(17, documentId);
    assertThat(index("--rows", "500").out())
        .isEqualTo("Tenant " + user + ": 800 passages indexed.\n");

    var found = nearest(17, null);
    assertThat(found.getFirst()).isEqualTo("17");
    var both = new HashSet<>(found);
    both.retainAll(scanned);
    assertThat(both).hasSizeGreaterThanOrEqualTo(9);
    assertThat(Passages.scans(owner)).as("scans of the index").isNotEqualTo("0");
  }

  @Test
  void findsWhatCameLaterAndNothingOfOtherGenerations() throws SQLException {
    Passages.add(owner, user, documentId, 1, 10_001, 10_100);
    index("--rows", "500");
    Passages.add(owner, user, documentId, 2, PASSAGES + 1, PASSAGES + 5);

    assertThat(nearest(PASSAGES + 3, null)).hasSize(10).startsWith(String.valueOf(PASSAGES + 3));
    var scans = Passages.scans(owner);
    Sql.update(owner, "update documents set active_generation = 1");
    assertThat(nearest(17, null))
        .hasSize(10)
        .allMatch(ordinal -> Integer.parseInt(ordinal) > 10_000);
    assertThat(Passages.scans(owner)).as("scans of the index").isNotEqualTo(scans);
    Sql.update(owner, "update documents set active_generation = null");
    assertThat(nearest(17, null)).isEmpty();
  }

  @Test
  void findsNothingOfAnotherTenant() throws SQLException {
    var other = UUID.randomUUID();
    var theirs = UUID.randomUUID();
    Passages.document(owner, other, theirs);
    Passages.add(owner, other, theirs, 2, 10_001, 10_050);
    index("--rows", "500");

    assertThat(nearest(other, 17, null))
        .hasSize(10)
        .allMatch(ordinal -> Integer.parseInt(ordinal) > 10_000);
    assertThat(nearest(17, null)).allMatch(ordinal -> Integer.parseInt(ordinal) <= PASSAGES);
  }

  /** Hardly any of what is in the index is active, so that following it gives up. */
  @Test
  void scansWhereTheIndexGivesTooFew() throws SQLException {
    index("--rows", "500");
    Passages.add(owner, user, documentId, 1, 10_001, 10_015);
    Sql.update(owner, "update document_chunks set promoted_at = 'epoch' where generation = 1");
    Sql.update(owner, "update documents set active_generation = 1");

    assertThat(nearest(17, null)).isEqualTo(nearest(17, documentId)).hasSize(10);
  }

  @Test
  void buildsAnewOnceMostOfWhatWasIndexedIsGone() throws SQLException {
    index("--rows", "100");
    Sql.update(owner, "delete from document_chunks where chunk_ord > 300");

    assertThat(index("--rows", "100").out()).contains("300 passages indexed");
  }

  @Test
  void buildsAnewOnceManyAreScannedAndDropsWhatIsNotUsed() throws SQLException {
    index("--rows", "500");
    assertThat(index("--rows", "500").out()).isEqualTo("Nothing to do.\n");
    var first = ask("select index_name from search_indexes");
    Sql.update(owner, "update search_indexes set index_name = 'near_' || repeat('0', 32) || '_1'");
    assertThat(ask(INDEXES)).isEqualTo("1");

    assertThat(index("--rows", "500").out()).contains("800 passages indexed");

    assertThat(ask("select index_name from search_indexes")).isNotEqualTo(first);
    assertThat(ask(INDEXES)).isEqualTo("1");
    Sql.update(owner, "update document_chunks set promoted_at = clock_timestamp()");
    assertThat(index("--rows", "500").out()).contains("800 passages indexed");
    assertThat(ask(INDEXES)).isEqualTo("1");
  }

  @Test
  void scansAgainWhenFewAreLeft() throws SQLException {
    index("--rows", "500");

    assertThat(index("--rows", "2000").out())
        .isEqualTo("Tenant " + user + ": 800 passages scanned from now on.\n");

    assertThat(ask(INDEXES)).isEqualTo("0");
    assertThat(nearest(17, null)).isEqualTo(nearest(17, documentId));
  }

  @Test
  void oneAtATime() throws SQLException {
    assertThat(ask("select pg_advisory_lock(hashtext('sluice index'))")).isNotNull();
    var second = new Bench(folder);
    assertThat(second.run("index", "--database-url", url())).isEqualTo(2);
    assertThat(second.err()).contains("another ./sluice index is at work");
  }

  @Test
  void refusesSizesThatAreNone() {
    var bench = new Bench(folder);
    assertThat(bench.run("index", "--rows", "0")).isEqualTo(2);
    assertThat(bench.err()).contains("--rows and --memory must be at least 1");
  }

  private Bench index(String... more) {
    var bench = new Bench(folder);
    var arguments = new ArrayList<>(List.of("index", "--memory", "64"));
    arguments.addAll(List.of("--database-url", url()));
    arguments.addAll(List.of(more));
    assertThat(bench.run(arguments.toArray(String[]::new))).as(bench.err()).isZero();
    return bench;
  }

  private String url() {
    var superuser = database.superuser();
    return database.url() + "?user=" + superuser.user() + "&password=" + superuser.password();
  }

  private List<String> nearest(int ordinal, @Nullable UUID document) throws SQLException {
    return nearest(user, ordinal, document);
  }

  private List<String> nearest(UUID tenant, int ordinal, @Nullable UUID document)
      throws SQLException {
    var question = Passages.vector(owner, documentId, ordinal);
    try (var session = database.connectAs("sluice_api")) {
      return Passages.nearest(session, tenant, question, document);
    }
  }

  private String ask(String sql) throws SQLException {
    return String.valueOf(Sql.queryForText(owner, sql));
  }
}
