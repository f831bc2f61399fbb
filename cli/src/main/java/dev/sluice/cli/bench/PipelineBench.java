package dev.sluice.cli.bench;

import dev.sluice.cli.bench.PatientClient.Uploads;
import dev.sluice.cli.bench.PipelineReport.Peers;
import dev.sluice.cli.bench.SoakDocument.Format;
import dev.sluice.localstack.template.QueueTrigger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

/** The durable pipeline beside LangChain4j's ingestor, on the same work. */
public final class PipelineBench {
  static final String NAME = "pipeline";

  private static final Duration LOOK = Duration.ofMillis(20);
  private static final Duration LONGEST_ROUND = Duration.ofMinutes(5);

  private final BenchSite site;
  private final BenchmarkModule module;
  private final BenchmarkPage page;

  public PipelineBench(BenchSite site) {
    this.site = site;
    this.module = new BenchmarkModule(site.root().resolve("benchmarks"));
    this.page = new BenchmarkPage(site.root());
  }

  /** The section that it has written. */
  public String run(PipelineSettings settings)
      throws IOException, SQLException, InterruptedException {
    PipelineReport report = measure(settings);
    page.figures(NAME, report.figures());
    page.plot(NAME, report.plot());
    page.section("Pipeline", report.section());
    EarlierReport.write(page);
    return report.section();
  }

  private PipelineReport measure(PipelineSettings settings)
      throws IOException, SQLException, InterruptedException {
    Path log = site.logs(NAME).resolveSibling("langchain4j.log");
    try (CloudSession session = new CloudSession(site.start(), NAME, site);
        PeerIngest peer = PeerIngest.start(module, session.cloud(), log)) {
      session.limit(CloudSession.NO_LIMIT, CloudSession.NO_LIMIT);
      session.slowDown(settings.latency());
      int threads = mostAtOnce(session.cloud());
      Course course = new Course(session, peer, settings, threads);
      for (int round = 1 - PipelineSettings.WARM_UP; round <= settings.rounds(); round++) {
        course.round(round);
      }
      session.cloud().keepLogs(site.logs(NAME));
      return course.report();
    }
  }

  /** So many executions the function with the most of them may have. */
  private static int mostAtOnce(BenchCloud cloud) {
    return cloud.template().functions().stream()
        .flatMap(function -> function.queueTriggers().stream())
        .map(QueueTrigger::maximumConcurrency)
        .flatMapToInt(OptionalInt::stream)
        .max()
        .orElse(1);
  }

  private static List<SoakDocument> documents(int count, int round) {
    return Corpus.documents(count, Corpus.Sizes.MIXED, 1, 5_000 + round, 1).stream()
        .map(document -> document.as(Format.MARKDOWN))
        .toList();
  }

  /** All rounds in one cloud. */
  private final class Course {
    private final CloudSession session;
    private final PeerIngest peer;
    private final PipelineSettings settings;
    private final int threads;
    private final List<PipelineRound> rounds = new ArrayList<>();
    private final List<UUID> users = new ArrayList<>();
    private long bytes;

    Course(CloudSession session, PeerIngest peer, PipelineSettings settings, int threads) {
      this.session = session;
      this.peer = peer;
      this.settings = settings;
      this.threads = threads;
    }

    /** Who begins changes from round to round. */
    void round(int number) throws IOException, SQLException {
      Path folder = Files.createDirectories(site.documents().resolve("round"));
      Folders.empty(folder);
      List<UploadFile> files = new ArrayList<>();
      for (SoakDocument document : documents(settings.documents(), number)) {
        files.add(UploadFile.write(document, folder));
      }
      UUID user = UUID.randomUUID();
      Optional<Ours> first = number % 2 == 0 ? Optional.of(ours(user, files)) : Optional.empty();
      var oneByOne = peer.run("round_one_by_one", 1, folder);
      var together = peer.run("round_threads", threads, folder);
      Ours ours = first.isPresent() ? first.get() : ours(user, files);
      PipelineRound round =
          new PipelineRound(ours.seconds, chunks(user), ours.busy, oneByOne, together);
      tell(number, round);
      if (number > 0) {
        rounds.add(round);
        users.add(user);
        bytes = files.stream().mapToLong(file -> file.announcement().sizeBytes()).sum();
      }
    }

    private record Ours(double seconds, double busy) {}

    private Ours ours(UUID user, List<UploadFile> files) throws IOException, SQLException {
      PatientClient client = PatientClient.of(session.cloud(), user, site);
      CpuTime then = CpuTime.now();
      Instant deadline = site.clock().instant().plus(LONGEST_ROUND);
      long began = System.nanoTime();
      try (Uploads uploads = client.beginFiles(files)) {
        while (session.progress(user).complete() < files.size()) {
          if (site.clock().instant().isAfter(deadline) || session.progress(user).failed() > 0) {
            var unused = uploads.failures(site.words());
            throw new IOException(
                "not every document became complete; the functions' logs are in "
                    + site.cloud().resolve("logs"));
          }
          site.pause().pause(LOOK);
        }
      }
      return new Ours((System.nanoTime() - began) / 1e9, CpuTime.now().busySince(then));
    }

    private long chunks(UUID user) throws SQLException {
      try (RunStore store = new RunStore(session.cloud().connect(), user)) {
        return store.rows().chunks();
      }
    }

    private void tell(int number, PipelineRound round) {
      site.say(
          "%s %d: Sluice %.1f s, LangChain4j %.1f s, with %d threads %.1f s"
              .formatted(
                  number > 0 ? "round" : "warm-up",
                  number > 0 ? number : number + PipelineSettings.WARM_UP,
                  round.ours(),
                  round.oneByOne().seconds(),
                  threads,
                  round.threads().seconds()));
    }

    PipelineReport report() throws IOException, SQLException {
      return new PipelineReport(
          settings,
          threads,
          bytes,
          rounds,
          PlaceTime.of(session.database(), users),
          new Peers(module.version("langchain4j"), module.version("langchain4j-pgvector")),
          Machine.thisOne(),
          site.clock().instant());
    }
  }
}
