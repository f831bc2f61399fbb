package dev.sluice.cli.bench;

import dev.sluice.cli.api.SluiceApi;
import dev.sluice.cli.bench.ChunkMemory.Report;
import dev.sluice.cli.bench.PatientClient.Uploads;
import dev.sluice.cli.bench.SoakDocument.Format;
import dev.sluice.postgres.Sql;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/** What grows with what: times with the buffers, memory and time with the document. */
public final class GrowthBench {
  static final String NAME = "growth";

  private static final String BUFFERS = "dev.sluice.growth.BufferGrowth";
  private static final String CHUNK = "chunk";
  private static final Duration LONGEST = Duration.ofMinutes(15);
  private static final Duration LATENCY = Duration.ofMillis(200);

  private static final String CHUNKS =
      """
      select coalesce(sum((progress ->> 'chunks_total')::bigint), 0)
      from upload_jobs
      where user_id = ?
      """;

  /** What 256 texts would take; a batch is full by its tokens before it has so many. */
  private static final String FULL_BATCH =
      """
      select coalesce(percentile_cont(0.5) within group (
               order by 256 * extract(epoch from p.settled_at - p.started_at) / b.texts), 0)
      from provider_calls p
      join embedding_batches b on b.batch_id = p.batch_id
      where p.user_id = ? and p.operation = 'embed' and p.state = 'settled' and b.texts >= 64
      """;

  private final BenchSite site;
  private final BenchmarkPage page;

  public GrowthBench(BenchSite site) {
    this.site = site;
    this.page = new BenchmarkPage(site.root());
  }

  /** The section that it has written. */
  public String run(GrowthSettings settings)
      throws IOException, SQLException, InterruptedException {
    List<BufferTime> buffers = settings.rows().isEmpty() ? List.of() : buffers(settings);
    List<ChunkMemory> memory = new ArrayList<>();
    Optional<PdfCourse> pdf = Optional.empty();
    if (!settings.megabytes().isEmpty() || settings.pdfMegabytes() > 0) {
      try (CloudSession session = new CloudSession(site.start(), NAME, site)) {
        session.limit(CloudSession.NO_LIMIT, CloudSession.NO_LIMIT);
        session.slowDown(LATENCY);
        for (int megabytes : settings.megabytes()) {
          memory.add(chunk(session, megabytes));
        }
        if (settings.pdfMegabytes() > 0) {
          pdf = Optional.of(pdf(session, settings.pdfMegabytes()));
        }
        session.cloud().keepLogs(site.logs(NAME));
      }
    }
    GrowthReport report =
        new GrowthReport(buffers, memory, pdf, LATENCY, Machine.thisOne(), site.clock().instant());
    page.figures(NAME, report.figures());
    if (!buffers.isEmpty()) {
      page.plot(NAME, report.plot());
    }
    page.section("Growth", report.section());
    EarlierReport.write(page);
    return report.section();
  }

  private List<BufferTime> buffers(GrowthSettings settings)
      throws IOException, InterruptedException {
    site.say("Filling the chunk buffer and measuring at " + settings.rows() + " rows…");
    Path folder = site.folder().resolve("buffers");
    Files.createDirectories(folder);
    Folders.empty(folder);
    Path results = folder.resolve("results.tsv");
    List<String> arguments = new ArrayList<>();
    arguments.add(folder.resolve("database").toString());
    arguments.add(results.toString());
    arguments.add(String.valueOf(settings.documents()));
    settings.rows().forEach(rows -> arguments.add(String.valueOf(rows)));
    new BenchmarkModule(site.root().resolve("benchmarks"))
        .run(BUFFERS, arguments, site.logs("buffers.log"));
    List<BufferTime> times = BufferTime.read(results);
    Folders.empty(folder);
    return times;
  }

  /** Stops the job once it is chunked: what comes then is measured elsewhere. */
  private ChunkMemory chunk(CloudSession session, int megabytes) throws IOException, SQLException {
    site.say("Chunking " + megabytes + " MB of Markdown…");
    UUID user = UUID.randomUUID();
    Path log = site.cloud().resolve("logs").resolve(CHUNK + ".log");
    int before = Report.read(log).size();
    SoakDocument document =
        new SoakDocument(
            "large-%03d.md".formatted(megabytes),
            Format.MARKDOWN,
            megabytes * 1_000_000,
            megabytes);
    SluiceApi api = session.api(user);
    try (Uploads uploads = session.upload(user, List.of(document))) {
      session.await(user, LONGEST, () -> session.chunked(user) == 1 || failed(session, user));
      if (uploads.failures(site.words()) > 0 || session.chunked(user) == 0) {
        throw new IOException(megabytes + " MB of Markdown were not chunked");
      }
    }
    var unused = api.cancel(api.jobs(1).getFirst().documentId());
    session.await(user, LONGEST, () -> session.ended(user));
    List<Report> reports = Report.read(log);
    return new ChunkMemory(
        megabytes,
        chunks(session, user),
        course(session, user, 0, 0).in("chunking"),
        reports.stream().mapToLong(Report::peakMegabytes).max().orElse(0),
        reports.getFirst().limitMegabytes(),
        reports.size() - before);
  }

  private static boolean failed(CloudSession session, UUID user) throws SQLException {
    return session.progress(user).failed() > 0;
  }

  private PdfCourse pdf(CloudSession session, int megabytes) throws IOException, SQLException {
    int pages = PdfSample.pages(megabytes);
    site.say("Taking a PDF of " + pages + " pages through the pipeline…");
    Path path = site.documents().resolve("survey.pdf");
    PdfSample.write(path, pages, 7);
    UploadFile file = UploadFile.of(path, "application/pdf");
    UUID user = UUID.randomUUID();
    try (Uploads uploads =
        PatientClient.of(session.cloud(), user, site).beginFiles(List.of(file))) {
      session.await(user, LONGEST, () -> session.progress(user).ended() == 1);
      if (uploads.failures(site.words()) > 0 || session.progress(user).complete() == 0) {
        throw new IOException("the PDF did not become complete");
      }
    }
    return course(session, user, file.announcement().sizeBytes(), pages);
  }

  private static PdfCourse course(CloudSession session, UUID user, long bytes, int pages)
      throws SQLException {
    double seconds;
    try (RunStore store = new RunStore(session.cloud().connect(), user)) {
      seconds = store.took();
    }
    return new PdfCourse(
        bytes,
        pages,
        chunks(session, user),
        seconds,
        PlaceTime.of(session.database(), List.of(user)),
        Objects.requireNonNull(
            Sql.query(session.database(), FULL_BATCH, row -> row.getDouble(1), user).getFirst()));
  }

  private static long chunks(CloudSession session, UUID user) throws SQLException {
    return Objects.requireNonNull(
        Sql.query(session.database(), CHUNKS, row -> row.getLong(1), user).getFirst());
  }
}
