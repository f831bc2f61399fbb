package dev.sluice.simulator.llamaparse;

import dev.sluice.simulator.http.Reply;
import dev.sluice.simulator.http.Request;
import dev.sluice.simulator.llamaparse.Job.Outcome;
import dev.sluice.simulator.llamaparse.Problem.Violation;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The routes of the API. */
final class Api {
  private static final int MOST_JSON_BYTES = 1 << 20;
  private static final int DEFAULT_LIST_SIZE = 50;
  private static final Pattern JOB =
      Pattern.compile("(GET|POST) /api/v2/parse/(pjb-[^/]+)(/cancel)?");
  private static final Pattern RESULT = Pattern.compile("GET /results/(pjb-[^/]+)\\.md");
  private static final Set<String> EXPANDABLE =
      Set.of("markdown", "markdown_full", "markdown_content_metadata", "job_metadata");

  private final LlamaParseOptions options;
  private final JobStore jobs;
  private final SourceStore sources;
  private final ResultStore results;
  private final ResultUrls urls;
  private final ParseQueue queue;
  private final SubmissionRate rate;
  private final Supplier<URI> baseUrl;

  Api(
      LlamaParseOptions options,
      JobStore jobs,
      SourceStore sources,
      ResultStore results,
      ResultUrls urls,
      ParseQueue queue,
      Supplier<URI> baseUrl) {
    this.options = options;
    this.jobs = jobs;
    this.sources = sources;
    this.results = results;
    this.urls = urls;
    this.queue = queue;
    this.rate = new SubmissionRate(options.submissionsPerSecond(), options.clock());
    this.baseUrl = baseUrl;
  }

  Reply answer(Request request) throws IOException {
    try {
      Matcher result = RESULT.matcher(request.target());
      return result.matches() ? result(request, result.group(1)) : authenticated(request);
    } catch (Problem e) {
      return e.reply();
    }
  }

  private Reply authenticated(Request request) throws Problem, IOException {
    if (request.bearer().filter(options.apiKeys()::contains).isEmpty()) {
      throw Problem.unauthorized();
    }
    Matcher job = JOB.matcher(request.target());
    if (job.matches()) {
      return oneJob(request, job);
    }
    return switch (request.target()) {
      case "POST /api/v2/parse" -> submit(request);
      case "POST /api/v2/parse/upload" -> submitUpload(request);
      case "GET /api/v2/parse" -> list(request);
      case "POST /api/v1/beta/files", "POST /api/v1/files" -> upload(request);
      default -> throw Problem.notFound("Route");
    };
  }

  private Reply oneJob(Request request, Matcher path) throws Problem, IOException {
    boolean cancels = path.group(3) != null;
    if (cancels == path.group(1).equals("GET")) {
      throw Problem.notFound("Route");
    }
    Job job = jobs.find(path.group(2)).orElseThrow(() -> Problem.notFound("Job"));
    return cancels ? cancel(job) : show(job, request);
  }

  private Reply submit(Request request) throws Problem, IOException {
    Submission submission = SubmissionReader.read(request.bodyBytes(MOST_JSON_BYTES), false);
    admit();
    String fileId = submission.fileId();
    if (fileId != null) {
      String name = sources.name(fileId).orElseThrow(() -> Problem.notFound("File"));
      return accept(submission, fileId, name);
    }
    return accept(submission, null, lastPart(submission.sourceUrl()));
  }

  private Reply submitUpload(Request request) throws Problem, IOException {
    Multipart form = Multipart.read(request, sources);
    byte[] configuration = form.configuration();
    if (configuration == null) {
      throw Multipart.missing("configuration");
    }
    Submission submission = SubmissionReader.read(configuration, true);
    admit();
    return accept(submission, form.fileId(), form.filename());
  }

  private void admit() throws Problem {
    rate.take();
    if (jobs.creditsUsed() >= options.credits()) {
      throw Problem.outOfCredits();
    }
  }

  private Reply accept(Submission submission, @Nullable String source, String name) {
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
    return Reply.json(200, JobView.of(job));
  }

  /** The file name in an address, by which the parser tells text from Markdown. */
  private static String lastPart(@Nullable String url) {
    String path = url == null ? "" : url.replaceFirst("[?#].*", "");
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private Reply upload(Request request) throws Problem, IOException {
    Multipart form = Multipart.read(request, sources);
    return Reply.json(
        200,
        Map.of(
            "id", form.fileId(),
            "name", form.filename(),
            "file_size", Files.size(sources.path(form.fileId()))));
  }

  private Reply cancel(Job job) throws Problem {
    Job now = queue.cancel(job.id()).orElse(job);
    if (now.status() != JobStatus.CANCELLED) {
      throw Problem.conflict("Job has already ended as " + now.status());
    }
    return Reply.json(200, JobView.of(now));
  }

  /**
   * The provider wraps the job's fields in {@code job}; its earlier answers had them at the top.
   * Both are given, so that a client written for either is served.
   */
  private Reply show(Job job, Request request) throws Problem, IOException {
    List<String> expand = request.parameters("expand");
    if (!EXPANDABLE.containsAll(expand)) {
      throw Problem.invalid(
          List.of(Violation.of("Input should be one of " + EXPANDABLE, "enum", "query", "expand")));
    }
    Map<String, @Nullable Object> view = new LinkedHashMap<>();
    view.put("job", JobView.of(job));
    view.putAll(JobView.of(job));
    Outcome outcome = job.outcome();
    if (outcome != null) {
      for (String part : expand) {
        expand(view, part, outcome, base(request));
      }
    }
    return Reply.json(200, view);
  }

  private void expand(Map<String, @Nullable Object> view, String part, Outcome outcome, URI base)
      throws IOException {
    Path file = results.markdownFile(outcome.resultId());
    switch (part) {
      case "markdown" -> view.put("markdown", JobView.markdown(results.pages(outcome.resultId())));
      case "markdown_full" -> view.put("markdown_full", Files.readString(file));
      case "job_metadata" -> view.put("job_metadata", JobView.metadata(outcome));
      default -> {
        Map<String, Object> metadata =
            Map.of(
                "size_bytes", Files.size(file),
                "exists", true,
                "presigned_url", urls.sign(base, "/results/" + outcome.resultId() + ".md"));
        view.put("result_content_metadata", Map.of("markdown", metadata));
        view.put("markdown_content_metadata", metadata);
      }
    }
  }

  /** As the client calls us, who may have come through a proxy. */
  private URI base(Request request) {
    return request.header("Host").map(host -> URI.create("http://" + host)).orElseGet(baseUrl);
  }

  private Reply list(Request request) throws Problem {
    List<String> ids = request.parameters("job_ids");
    String status = request.parameter("status").orElse("");
    int size = number(request, "page_size", DEFAULT_LIST_SIZE);
    int from = number(request, "page_token", 0);
    List<Job> matching =
        jobs.newestFirst().stream()
            .filter(job -> ids.isEmpty() || ids.contains(job.id()))
            .filter(job -> status.isEmpty() || job.status().name().equalsIgnoreCase(status))
            .toList();
    int to = Math.min(matching.size(), from + size);
    Map<String, @Nullable Object> view = new LinkedHashMap<>();
    view.put("items", matching.subList(Math.min(from, to), to).stream().map(JobView::of).toList());
    view.put("next_page_token", to < matching.size() ? Integer.toString(to) : null);
    view.put("total_size", matching.size());
    return Reply.json(200, view);
  }

  private static int number(Request request, String parameter, int otherwise) throws Problem {
    String text = request.parameter(parameter).orElse(Integer.toString(otherwise));
    if (!text.matches("\\d{1,6}")) {
      throw Problem.invalid(
          List.of(
              Violation.of("Input should be a valid integer", "int_parsing", "query", parameter)));
    }
    return Integer.parseInt(text);
  }

  private Reply result(Request request, String id) {
    Path file = results.markdownFile(id);
    if (!urls.isValid(request) || !Files.exists(file)) {
      return Reply.bytes(
          403,
          "application/xml",
          "<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>"
              .getBytes(StandardCharsets.UTF_8));
    }
    return Reply.file("text/markdown; charset=utf-8", file);
  }
}
