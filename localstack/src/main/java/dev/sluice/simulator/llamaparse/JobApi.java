package dev.sluice.simulator.llamaparse;

import dev.sluice.simulator.document.ParsedPage;
import dev.sluice.simulator.fault.Fault;
import dev.sluice.simulator.fault.FaultKind;
import dev.sluice.simulator.http.Reply;
import dev.sluice.simulator.http.Request;
import dev.sluice.simulator.llamaparse.Job.Outcome;
import dev.sluice.simulator.llamaparse.Problem.Violation;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Tells of jobs, and gives their results. */
final class JobApi {
  private static final int DEFAULT_LIST_SIZE = 50;
  private static final String MARKDOWN = "text/markdown; charset=utf-8";
  private static final String TEXT = "text";

  /** The results themselves: asking for one of them is fetching it. */
  private static final Set<String> RESULTS = Set.of("markdown", "markdown_full", TEXT);

  private static final String USAGE = "usage";
  private static final String METADATA = "job_metadata";
  private static final String ADDRESS = "markdown_content_metadata";
  private static final Set<String> EXPANDABLE =
      Set.of("markdown", "markdown_full", TEXT, USAGE, METADATA, ADDRESS);

  private final JobStore jobs;
  private final ResultStore results;
  private final ResultUrls urls;
  private final ParseQueue queue;
  private final Supplier<URI> baseUrl;

  JobApi(
      JobStore jobs,
      ResultStore results,
      ResultUrls urls,
      ParseQueue queue,
      Supplier<URI> baseUrl) {
    this.jobs = jobs;
    this.results = results;
    this.urls = urls;
    this.queue = queue;
    this.baseUrl = baseUrl;
  }

  /** Whether the request fetches a result, and does not only ask for a job. */
  static boolean fetchesResult(Request request) {
    return request.parameters("expand").stream().anyMatch(RESULTS::contains);
  }

  Reply cancel(String id) throws Problem {
    Job job = find(id);
    Job now = queue.cancel(id).orElse(job);
    if (now.status() != JobStatus.CANCELLED) {
      throw Problem.conflict("Job has already ended as " + now.status());
    }
    return Reply.json(200, JobView.of(now, Fault.NONE));
  }

  /**
   * The provider wraps the job's fields in {@code job}; its earlier answers had them at the top.
   * Both are given, so that a client written for either is served.
   */
  Reply show(String id, Request request, Fault fault) throws Problem, IOException {
    Job job = find(id);
    List<String> expand = request.parameters("expand");
    check(job, expand);
    if (fault.is(FaultKind.EXPIRED_RESULT)) {
      throw Problem.notFound("Job");
    }
    Map<String, @Nullable Object> fields = JobView.of(job, fault);
    if (expand.contains(USAGE)) {
      fields.put(USAGE, JobView.usage(job));
    }
    Map<String, @Nullable Object> view = new LinkedHashMap<>();
    view.put("job", fields);
    view.putAll(fields);
    Outcome outcome = fault.is(FaultKind.JOB_STATUS) ? null : job.outcome();
    if (outcome != null) {
      for (String part : expand) {
        expand(view, part, outcome, fault, base(request));
      }
    }
    return Reply.json(200, view);
  }

  /** The rule-based tier makes no Markdown. */
  private static void check(Job job, List<String> expand) throws Problem {
    if (!EXPANDABLE.containsAll(expand)) {
      throw Problem.invalid(
          List.of(Violation.of("Input should be one of " + EXPANDABLE, "enum", "query", "expand")));
    }
    if (job.submission().tier() == Tier.FAST
        && expand.stream().anyMatch(part -> part.startsWith("markdown"))) {
      throw Problem.unprocessable("Markdown expansion is not available for FAST tier jobs.");
    }
  }

  private Job find(String id) throws Problem {
    return jobs.find(id).orElseThrow(() -> Problem.notFound("Job"));
  }

  private void expand(
      Map<String, @Nullable Object> view, String part, Outcome outcome, Fault fault, URI base)
      throws IOException {
    String id = outcome.resultId();
    switch (part) {
      case "markdown", TEXT -> view.put(part, JobView.pages(part, pages(id, fault)));
      case "markdown_full" -> view.put(part, ResultStore.text(pages(id, fault)));
      case METADATA -> view.put(part, JobView.metadata(outcome));
      case ADDRESS -> {
        Map<String, Object> content = content(id, base);
        view.put("result_content_metadata", Map.of("markdown", content));
        view.put(ADDRESS, content);
      }
      default -> {
        // What a job used is one of its own fields.
      }
    }
  }

  /** The pages, of which a fault may take one away. */
  private List<ParsedPage> pages(String id, Fault fault) throws IOException {
    List<ParsedPage> pages = results.pages(id);
    return fault.is(FaultKind.PARTIAL_PAGES) && !pages.isEmpty()
        ? ResultStore.without(pages, fault.oneOf(pages.size()))
        : pages;
  }

  private Map<String, Object> content(String id, URI base) throws IOException {
    return Map.of(
        "size_bytes",
        Files.size(results.markdownFile(id)),
        "exists",
        true,
        "presigned_url",
        urls.sign(base, "/results/" + id + ".md"));
  }

  /** As the client calls us, who may have come through a proxy. */
  private URI base(Request request) {
    return request.header("Host").map(host -> URI.create("http://" + host)).orElseGet(baseUrl);
  }

  Reply list(Request request, Fault fault) throws Problem {
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
    view.put(
        "items",
        matching.subList(Math.min(from, to), to).stream()
            .map(job -> JobView.of(job, fault))
            .toList());
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

  Reply result(Request request, String id, Fault fault) throws Problem, IOException {
    boolean expired = fault.is(FaultKind.EXPIRED_RESULT) || !urls.isValid(request);
    if (expired || !Files.exists(results.markdownFile(id))) {
      return Reply.bytes(
          403,
          "application/xml",
          "<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>"
              .getBytes(StandardCharsets.UTF_8));
    }
    return fault.is(FaultKind.PARTIAL_PAGES)
        ? Reply.bytes(
            200, MARKDOWN, ResultStore.text(pages(id, fault)).getBytes(StandardCharsets.UTF_8))
        : Reply.file(MARKDOWN, results.markdownFile(id));
  }
}
