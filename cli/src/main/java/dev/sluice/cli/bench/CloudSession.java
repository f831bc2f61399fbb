package dev.sluice.cli.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.cli.api.Json;
import dev.sluice.cli.api.SluiceApi;
import dev.sluice.cli.bench.PatientClient.Uploads;
import dev.sluice.cli.faults.ProviderAdmin;
import dev.sluice.document.EmbeddingModel;
import dev.sluice.postgres.Sql;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/** A cloud, and a session in its database. */
final class CloudSession implements AutoCloseable {
  /** More than one machine asks for; what is beyond 10^9 would not be believed. */
  static final int NO_LIMIT = 100_000_000;

  private static final Duration LOOK = Duration.ofMillis(500);
  private static final Duration TELL = Duration.ofSeconds(10);

  private static final String SLOW =
      """
      {"seed": 1, "rules": [{"provider": "openai", "operation": "embeddings", "fault": "latency", "latency_ms": %d}]}
      """;

  private static final String CHUNKED =
      """
      select count(distinct e.job_id)
      from job_events e
      join upload_jobs j on j.job_id = e.job_id
      where j.user_id = ? and e.to_status = 'chunks_stored'
      """;

  private final BenchCloud cloud;
  private final String name;
  private final BenchSite site;
  private final Connection database;
  private final double began;

  /** Takes over the cloud: it is closed with the session, and if there can be none. */
  CloudSession(BenchCloud cloud, String name, BenchSite site) throws SQLException {
    this.cloud = cloud;
    this.name = name;
    this.site = site;
    try {
      this.database = cloud.connect();
      this.began = EmbedCall.now(database);
    } catch (SQLException e) {
      cloud.close();
      throw e;
    }
  }

  BenchCloud cloud() {
    return cloud;
  }

  Connection database() {
    return database;
  }

  SluiceApi api(UUID user) {
    return cloud.api(user, site.pause());
  }

  /** What the embedding provider takes in a minute. */
  void limit(long requests, long tokens) {
    ObjectNode limits = Json.MAPPER.createObjectNode();
    limits
        .putArray("limits")
        .addObject()
        .put("model", EmbeddingModel.DEFAULT.name())
        .put("requests_per_minute", requests)
        .put("tokens_per_minute", tokens);
    try (ProviderAdmin admin = cloud.admin()) {
      var unused = admin.limit(limits);
    }
  }

  /** How long the embedding provider takes for each answer. */
  void slowDown(Duration latency) {
    try (ProviderAdmin admin = cloud.admin()) {
      var unused = admin.begin(SLOW.formatted(latency.toMillis()).getBytes(StandardCharsets.UTF_8));
    }
  }

  Uploads upload(UUID user, List<SoakDocument> documents) throws IOException {
    return PatientClient.of(cloud, user, site).begin(documents);
  }

  /** Uploads them as a new user and waits until all are complete, or for so long. */
  void pushThrough(List<SoakDocument> documents, Duration most) throws IOException, SQLException {
    UUID user = UUID.randomUUID();
    try (Uploads uploads = upload(user, documents)) {
      await(user, most, () -> uploads.areDone() && progress(user).complete() == documents.size());
      if (uploads.failures(site.words()) > 0) {
        throw new IOException("not all documents were uploaded");
      }
    }
  }

  /** Something that is looked for in the database. */
  interface Condition {
    boolean holds() throws SQLException;
  }

  /** Looks twice a second, and tells how it goes. */
  void await(UUID user, Duration limit, Condition condition) throws SQLException {
    Instant end = site.clock().instant().plus(limit);
    Instant told = site.clock().instant();
    while (!condition.holds() && site.clock().instant().isBefore(end)) {
      site.pause().pause(LOOK);
      if (site.clock().instant().isAfter(told.plus(TELL))) {
        told = site.clock().instant();
        tell(user);
      }
    }
  }

  private void tell(UUID user) throws SQLException {
    site.say(
        "%-10s %d documents complete, %d calls answered"
            .formatted(name, progress(user).complete(), answered()));
  }

  RunStore.Progress progress(UUID user) throws SQLException {
    return RunStore.progress(database, user);
  }

  boolean ended(UUID user) throws SQLException {
    return cloud.messages().isEmpty() && progress(user).ended() > 0;
  }

  long answered() throws SQLException {
    return EmbedCall.since(database, began).stream().filter(EmbedCall::answered).count();
  }

  int chunked(UUID user) throws SQLException {
    return Objects.requireNonNull(
        Sql.query(database, CHUNKED, row -> row.getInt(1), user).getFirst());
  }

  @Override
  public void close() throws SQLException {
    try (cloud) {
      database.close();
    }
  }
}
