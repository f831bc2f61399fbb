package dev.sluice.simulator.llamaparse;

import dev.sluice.simulator.fault.Fault;
import dev.sluice.simulator.fault.FaultKind;
import dev.sluice.simulator.http.Reply;
import dev.sluice.simulator.http.Request;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Takes documents in. */
final class SubmissionApi {
  private static final int MOST_JSON_BYTES = 1 << 20;
  private static final Duration LONGEST_HOLD = Duration.ofSeconds(30);

  private final LlamaParseOptions options;
  private final JobStore jobs;
  private final SourceStore sources;
  private final ParseQueue queue;
  private final SubmissionRate rate;

  SubmissionApi(LlamaParseOptions options, JobStore jobs, SourceStore sources, ParseQueue queue) {
    this.options = options;
    this.jobs = jobs;
    this.sources = sources;
    this.queue = queue;
    this.rate = new SubmissionRate(options.submissionsPerSecond(), options.clock());
  }

  Reply submit(Request request, Fault fault) throws Problem, IOException {
    Submission submission = SubmissionReader.read(request.bodyBytes(MOST_JSON_BYTES), false);
    admit();
    String fileId = submission.fileId();
    if (fileId != null) {
      String name = sources.name(fileId).orElseThrow(() -> Problem.notFound("File"));
      return accept(submission, fileId, name, fault);
    }
    return accept(submission, null, lastPart(submission.sourceUrl()), fault);
  }

  Reply submitUpload(Request request, Fault fault) throws Problem, IOException {
    Multipart form = Multipart.read(request, sources);
    byte[] configuration = form.configuration();
    if (configuration == null) {
      throw Multipart.missing("configuration");
    }
    Submission submission = SubmissionReader.read(configuration, true);
    admit();
    return accept(submission, form.fileId(), form.filename(), fault);
  }

  Reply upload(Request request) throws Problem, IOException {
    Multipart form = Multipart.read(request, sources);
    return Reply.json(
        200,
        Map.of(
            "id", form.fileId(),
            "name", form.filename(),
            "file_size", Files.size(sources.path(form.fileId()))));
  }

  private void admit() throws Problem {
    rate.take();
    if (jobs.creditsUsed() >= options.credits()) {
      throw Problem.outOfCredits();
    }
  }

  private Reply accept(Submission submission, @Nullable String source, String name, Fault fault) {
    Instant now = options.clock().instant();
    Job job =
        new Job(
            "pjb-" + UUID.randomUUID(),
            name,
            JobStatus.PENDING,
            submission,
            source,
            null,
            null,
            now,
            now,
            List.of());
    queue.submit(job);
    if (fault.is(FaultKind.EARLY)) {
      jobs.await(job.id(), Job::isOver, LONGEST_HOLD);
    }
    return Reply.json(200, JobView.of(job, fault));
  }

  /** The file name in an address, by which the parser tells text from Markdown. */
  private static String lastPart(@Nullable String url) {
    String path = url == null ? "" : url.replaceFirst("[?#].*", "");
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
