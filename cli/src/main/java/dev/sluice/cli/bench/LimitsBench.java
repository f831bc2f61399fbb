package dev.sluice.cli.bench;

import dev.sluice.cli.api.ApiException;
import dev.sluice.cli.api.Question;
import dev.sluice.cli.api.SluiceApi;
import dev.sluice.cli.bench.LimitsReport.Level;
import dev.sluice.cli.bench.LimitsReport.Outage;
import dev.sluice.cli.bench.LimitsReport.Reached;
import dev.sluice.cli.bench.PatientClient.Uploads;
import dev.sluice.cli.faults.ProviderAdmin;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Embeds against a provider that enforces its limits, and through an outage of it. */
public final class LimitsBench {
  private static final String SECTION = "Limits";
  private static final Duration LOOK = Duration.ofMillis(500);

  /** Beyond what the limit alone would take. */
  private static final int PATIENCE = 4;

  /** So that there is still work when the length is over. */
  private static final double AMPLE = 1.2;

  private static final long TOKENS_A_LARGE_DOCUMENT = 200_000;
  private static final int OUTAGE_LEVEL = 4;
  private static final int MEANWHILE = 10;

  private static final String AWAY =
      """
      {"seed": 1, "rules": [{"provider": "openai", "operation": "embeddings", "fault": "status", "status": 503}]}
      """;

  private final BenchSite site;

  public LimitsBench(BenchSite site) {
    this.site = site;
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
    try (CloudSession bench =
        new CloudSession(site.start(executions), "level " + executions, site)) {
      bench.limit(CloudSession.NO_LIMIT, settings.tokensAMinute());
      Reached tokens = tokens(settings, bench);
      bench.limit(settings.requestsAMinute(), CloudSession.NO_LIMIT);
      Reached requests = requests(settings, bench);
      bench.cloud().keepLogs(site.logs("level-" + executions));
      return new Level(executions, tokens, requests);
    }
  }

  private Reached tokens(LimitsSettings settings, CloudSession bench)
      throws IOException, SQLException {
    double began = EmbedCall.now(bench.database());
    bench.pushThrough(large(settings), settings.length().multipliedBy(PATIENCE));
    List<EmbedCall> calls = EmbedCall.since(bench.database(), began);
    return reached(calls, CallRate.ofTokens(calls).aMinute() / settings.tokensAMinute());
  }

  private Reached requests(LimitsSettings settings, CloudSession bench)
      throws IOException, SQLException {
    double began = EmbedCall.now(bench.database());
    int count =
        (int) Math.ceil(AMPLE * settings.requestsAMinute() * settings.length().toMillis() / 60_000);
    bench.pushThrough(
        Corpus.documents(count, Corpus.Sizes.SMALL, 1, 77, 1),
        settings.length().multipliedBy(PATIENCE));
    List<EmbedCall> calls = EmbedCall.since(bench.database(), began);
    return reached(calls, CallRate.ofRequests(calls).aMinute() / settings.requestsAMinute());
  }

  private static Reached reached(List<EmbedCall> calls, double share) {
    return new Reached(
        share, calls.size(), (int) calls.stream().filter(EmbedCall::throttled).count());
  }

  /** The provider goes when it is busy, and comes back while much is left to do. */
  private Outage outage(LimitsSettings settings)
      throws IOException, SQLException, InterruptedException {
    try (CloudSession bench = new CloudSession(site.start(OUTAGE_LEVEL), "outage", site);
        ProviderAdmin admin = bench.cloud().admin()) {
      bench.limit(CloudSession.NO_LIMIT, settings.tokensAMinute());
      UUID user = UUID.randomUUID();
      try (Uploads uploads = bench.upload(user, large(settings))) {
        bench.await(user, Duration.ofMinutes(5), () -> bench.answered() >= 5);
        double went = EmbedCall.now(bench.database());
        var unused = admin.begin(AWAY.getBytes(StandardCharsets.UTF_8));
        Meanwhile meanwhile = meanwhile(settings, bench, user);
        double came = EmbedCall.now(bench.database());
        admin.clear();
        bench.await(user, settings.length().multipliedBy(PATIENCE), () -> bench.ended(user));
        List<EmbedCall> calls = EmbedCall.since(bench.database(), went);
        CallRate rate = CallRate.ofTokens(calls);
        bench.cloud().keepLogs(site.logs("outage"));
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

  private Meanwhile meanwhile(LimitsSettings settings, CloudSession bench, UUID searcher)
      throws IOException, SQLException {
    UUID user = UUID.randomUUID();
    Instant end = site.clock().instant().plus(settings.outage());
    try (Uploads uploads =
        bench.upload(user, Corpus.documents(MEANWHILE, Corpus.Sizes.SMALL, 1, 78, 1))) {
      while (site.clock().instant().isBefore(end)) {
        site.pause().pause(LOOK);
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
}
