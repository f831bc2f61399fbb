package dev.sluice.simulator.llamaparse;

import dev.sluice.simulator.document.ParsedPage;
import dev.sluice.simulator.fault.Fault;
import dev.sluice.simulator.fault.FaultKind;
import dev.sluice.simulator.llamaparse.Job.Outcome;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Jobs as the API shows them. */
final class JobView {
  private static final String PROJECT = "00000000-0000-4000-8000-00000000feed";

  private JobView() {}

  /** A job, in another status if the fault says so. */
  static Map<String, @Nullable Object> of(Job job, Fault fault) {
    Map<String, @Nullable Object> view = new LinkedHashMap<>();
    view.put("id", job.id());
    view.put("project_id", PROJECT);
    view.put("status", status(job, fault));
    view.put("name", job.name());
    view.put("tier", job.submission().tier().wireName());
    view.put("error_message", job.failure() == null ? null : job.failure().message());
    view.put("error_code", job.failure() == null ? null : job.failure().code());
    view.put("user_metadata", job.submission().userMetadata());
    view.put("created_at", job.createdAt());
    view.put("updated_at", job.updatedAt());
    return view;
  }

  private static String status(Job job, Fault fault) {
    if (!fault.is(FaultKind.JOB_STATUS)) {
      return job.status().name();
    }
    String said = fault.how().jobStatus();
    return said == null ? JobStatus.RUNNING.name() : said;
  }

  /** What a job was charged; null until it has ended. */
  static Map<String, @Nullable Object> usage(Job job) {
    Outcome outcome = job.outcome();
    Long charged = outcome == null ? null : (Long) outcome.credits();
    Map<String, @Nullable Object> usage = new LinkedHashMap<>();
    usage.put("credits", charged == null && job.status().isFinal() ? (Long) 0L : charged);
    return usage;
  }

  /**
   * What the job did; the provider says nowhere what it tells here, and these are its old names.
   */
  static Map<String, Object> metadata(Outcome outcome) {
    return Map.of(
        "job_pages",
        outcome.pages(),
        "job_credits_usage",
        outcome.credits(),
        "job_is_cache_hit",
        outcome.credits() == 0);
  }

  /**
   * Pages one by one.
   *
   * @param kind {@code markdown} or {@code text}: how the page's content is called
   */
  static Map<String, Object> pages(String kind, List<ParsedPage> pages) {
    return Map.of("pages", pages.stream().map(page -> page(kind, page)).toList());
  }

  private static Map<String, Object> page(String kind, ParsedPage page) {
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("page_number", page.number());
    if (page.error() == null) {
      view.put(kind, page.markdown());
    } else {
      view.put("error", page.error());
    }
    view.put("success", page.success());
    return view;
  }
}
