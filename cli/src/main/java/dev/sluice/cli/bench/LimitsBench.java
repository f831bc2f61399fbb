package dev.sluice.cli.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.cli.api.ApiException;
import dev.sluice.cli.api.Json;
import dev.sluice.cli.api.Pause;
import dev.sluice.cli.api.Question;
import dev.sluice.cli.api.SluiceApi;
import dev.sluice.cli.bench.LimitsReport.Level;
import dev.sluice.cli.bench.LimitsReport.Outage;
import dev.sluice.cli.bench.LimitsReport.Reached;
import dev.sluice.cli.bench.PatientClient.Uploads;
import dev.sluice.cli.faults.ProviderAdmin;
import dev.sluice.document.EmbeddingModel;
import dev.sluice.postgres.Sql;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/** Embeds against a provider that enforces its limits, and through an outage of it. */
public final class LimitsBench {
  private static final String SECTION = "Limits";
  private static final Duration LOOK = Duration.ofMillis(500);
  private static final Duration TELL = Duration.ofSeconds(10);

  /** Beyond what the limit alone would take. */
  private static final int PATIENCE = 4;

  /** So that there is still work when the length is over. */
  private static final double AMPLE = 1.2;

  private static final long TOKENS_A_LARGE_DOCUMENT = 200_000;
  private static final int NO_LIMIT = 10_000_000;
  private static final int OUTAGE_LEVEL = 4;
  private static final int MEANWHILE = 10;

  private static final String AWAY =
      """
      {"seed": 1, "rules": [{"provider": "openai", "operation": "embeddings", "fault": "status", "status": 503}]}
      """;

  private static final String CHUNKED =
      """
      select count(distinct e.job_id)
      from job_events e
      join upload_jobs j on j.job_id = e.job_id
      where j.user_id = ? and e.to_status = 'chunks_stored'
      """;

  private final Path root;
  private final Map<String, String> environment;
  private final SoakFolder folder;
  private final InstantSource clock;
  private final Pause pause;
  private final PrintWriter words;

  /**
   * @param root of the clone
   * @param state where the clouds and their logs are kept
   * @param words hears how it goes
   */
  public LimitsBench(
      Path root,
      Map<String, String> environment,
      Path state,
      InstantSource clock,
      Pause pause,
      PrintWriter words) {
    this.root = root;
    this.environment = environment;
    this.folder = new SoakFolder(state);
    this.clock = clock;
    this.pause = pause;
    this.words = words;
  }

  /**
   * What came out.
   *
   * @param text the report as it stands in the page
   * @param good whether the limits were used, and the throughput came back
   */
  public record Outcome(String text, boolean good) {}

  /** Runs everything and writes the report. */
  public Outcome run(LimitsSettings settings)
      throws IOException, SQLException, InterruptedException {
    List<Level> levels = new ArrayList<>();
    for (int executions : settings.levels()) {
      levels.add(level(settings, executions));
    }
    Optional<Outage> outage =
        settings.outage().isZero() ? Optional.empty() : Optional.of(outage(settings));
    LimitsReport report = new LimitsReport(settings, levels, outage, Machine.thisOne());
    ReportPage.write(settings.report(), SECTION, report.text());
    return new Outcome(report.text(), report.isGood());
  }

  private Level level(LimitsSettings settings, int executions)
      throws IOException, SQLException, InterruptedException {
    try (Bench bench = new Bench(start(executions), "level " + executions)) {
      limit(bench.cloud, NO_LIMIT, settings.tokensAMinute());
      Reached tokens = tokens(settings, bench);
      limit(bench.cloud, settings.requestsAMinute(), NO_LIMIT);
      Reached requests = requests(settings, bench);
      bench.cloud.keepLogs(folder.logs("level-" + executions));
      return new Level(executions, tokens, requests);
    }
  }

  private Reached tokens(LimitsSettings settings, Bench bench) throws IOException, SQLException {
    double began = EmbedCall.now(bench.database);
    bench.pushThrough(large(settings), settings.length());
    List<EmbedCall> calls = EmbedCall.since(bench.database, began);
    return reached(calls, CallRate.ofTokens(calls).aMinute() / settings.tokensAMinute());
  }

  private Reached requests(LimitsSettings settings, Bench bench) throws IOException, SQLException {
    double began = EmbedCall.now(bench.database);
    int count =
        (int) Math.ceil(AMPLE * settings.requestsAMinute() * settings.length().toMillis() / 60_000);
    bench.pushThrough(Corpus.documents(count, Corpus.Sizes.SMALL, 1, 77, 1), settings.length());
    List<EmbedCall> calls = EmbedCall.since(bench.database, began);
    return reached(calls, CallRate.ofRequests(calls).aMinute() / settings.requestsAMinute());
  }

  private static Reached reached(List<EmbedCall> calls, double share) {
    return new Reached(
        share, calls.size(), (int) calls.stream().filter(EmbedCall::throttled).count());
  }

  /** The provider goes when it is busy, and comes back while much is left to do. */
  private Outage outage(LimitsSettings settings)
      throws IOException, SQLException, InterruptedException {
    try (Bench bench = new Bench(start(OUTAGE_LEVEL), "outage");
        ProviderAdmin admin = bench.cloud.admin()) {
      limit(bench.cloud, NO_LIMIT, settings.tokensAMinute());
      UUID user = UUID.randomUUID();
      try (Uploads uploads = bench.upload(user, large(settings))) {
        bench.await(user, Duration.ofMinutes(5), () -> bench.answered() >= 5);
        double went = EmbedCall.now(bench.database);
        var unused = admin.begin(AWAY.getBytes(StandardCharsets.UTF_8));
        Meanwhile meanwhile = meanwhile(settings, bench, user);
        double came = EmbedCall.now(bench.database);
        admin.clear();
        bench.await(user, settings.length().multipliedBy(PATIENCE), () -> bench.ended(user));
        List<EmbedCall> calls = EmbedCall.since(bench.database, went);
        CallRate rate = CallRate.ofTokens(calls);
        bench.cloud.keepLogs(folder.logs("outage"));
        return new Outage(
            OUTAGE_LEVEL,
            (int) calls.stream().filter(call -> call.at() < came && !call.answered()).count(),
            meanwhile.chunked(),
            MEANWHILE,
            meanwhile.searchMode(),
            rate.firstAfter(came),
            rate.reaches(0.9 * settings.tokensAMinute(), came));
      }
    }
  }

  private record Meanwhile(int chunked, String searchMode) {}

  private Meanwhile meanwhile(LimitsSettings settings, Bench bench, UUID searcher)
      throws IOException, SQLException {
    UUID user = UUID.randomUUID();
    Instant end = clock.instant().plus(settings.outage());
    try (Uploads uploads =
        bench.upload(user, Corpus.documents(MEANWHILE, Corpus.Sizes.SMALL, 1, 78, 1))) {
      while (clock.instant().isBefore(end)) {
        pause.pause(LOOK);
      }
    }
    return new Meanwhile(bench.chunked(user), searchMode(bench.api(searcher)));
  }

  private static String searchMode(SluiceApi api) {
    try {
      String mode = api.search(new Question("Which lock is closed?", 5, null)).mode();
      return mode == null ? "said nothing of its mode" : mode;
    } catch (ApiException refused) {
      return refused.code();
    }
  }

  private List<SoakDocument> large(LimitsSettings settings) {
    double tokens = AMPLE * settings.tokensAMinute() * settings.length().toMillis() / 60_000;
    int count = Math.max(2, (int) Math.ceil(tokens / TOKENS_A_LARGE_DOCUMENT));
    return Corpus.documents(count, Corpus.Sizes.LARGE, 1, 76, 1);
  }

  private SoakCloud start(int executions) throws IOException, InterruptedException {
    words.println(
        "Starting a cloud with " + executions + " concurrent executions of each function…");
    words.flush();
    return SoakCloud.start(root, environment, folder, executions);
  }

  private static void limit(SoakCloud cloud, long requests, long tokens) {
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

  private interface Condition {
    boolean holds() throws SQLException;
  }

  /** A cloud, and a session in its database. */
  private final class Bench implements AutoCloseable {
    private final SoakCloud cloud;
    private final String name;
    private final Connection database;
    private final double began;

    Bench(SoakCloud cloud, String name) throws SQLException {
      this.cloud = cloud;
      this.name = name;
      this.database = cloud.connect();
      this.began = EmbedCall.now(database);
    }

    SluiceApi api(UUID user) {
      return cloud.api(user, pause);
    }

    Uploads upload(UUID user, List<SoakDocument> documents) throws IOException {
      return new PatientClient(api(user), pause, folder.documents()).begin(documents);
    }

    void pushThrough(List<SoakDocument> documents, Duration length)
        throws IOException, SQLException {
      UUID user = UUID.randomUUID();
      try (Uploads uploads = upload(user, documents)) {
        await(
            user,
            length.multipliedBy(PATIENCE),
            () -> uploads.areDone() && progress(user).complete() == documents.size());
        if (uploads.failures(words) > 0) {
          throw new IOException("not all documents were uploaded");
        }
      }
    }

    void await(UUID user, Duration limit, Condition condition) throws SQLException {
      Instant end = clock.instant().plus(limit);
      Instant told = clock.instant();
      while (!condition.holds() && clock.instant().isBefore(end)) {
        pause.pause(LOOK);
        if (clock.instant().isAfter(told.plus(TELL))) {
          told = clock.instant();
          tell(user);
        }
      }
    }

    private void tell(UUID user) throws SQLException {
      words.printf(
          "%-10s %d documents complete, %d calls answered%n",
          name, progress(user).complete(), answered());
      words.flush();
    }

    private RunStore.Progress progress(UUID user) throws SQLException {
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
      database.close();
      cloud.close();
    }
  }
}
