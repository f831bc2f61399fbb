package dev.sluice.simulator.llamaparse;

import dev.sluice.simulator.fault.Fault;
import dev.sluice.simulator.fault.FaultyAnswer;
import dev.sluice.simulator.fault.Operation;
import dev.sluice.simulator.http.Reply;
import dev.sluice.simulator.http.Request;
import java.io.IOException;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The routes of the API. */
final class Api {
  private static final Pattern JOB =
      Pattern.compile("(GET|POST) /api/v2/parse/(pjb-[^/]+)(/cancel)?");
  private static final Pattern RESULT = Pattern.compile("GET /results/(pjb-[^/]+)\\.md");

  private final Set<String> keys;
  private final FaultyAnswer faulty;
  private final SubmissionApi submissions;
  private final JobApi jobs;

  Api(LlamaParseOptions options, SubmissionApi submissions, JobApi jobs) {
    this.keys = options.apiKeys();
    this.faulty =
        new FaultyAnswer(
            options.faults(), how -> Problem.told(how.status(), how.retryAfter()).reply());
    this.submissions = submissions;
    this.jobs = jobs;
  }

  Reply answer(Request request) throws IOException {
    Operation operation = operation(request);
    return operation == null
        ? answer(request, Fault.NONE)
        : faulty.to(operation, fault -> answer(request, fault));
  }

  /** What a plan may spoil; null for what it may not. */
  private static @Nullable Operation operation(Request request) {
    return switch (request.target()) {
      case "POST /api/v2/parse", "POST /api/v2/parse/upload" -> Operation.SUBMIT;
      case "GET /api/v2/parse" -> Operation.LIST;
      case String other when RESULT.matcher(other).matches() -> Operation.DOWNLOAD;
      case String other when other.startsWith("GET") && JOB.matcher(other).matches() ->
          JobApi.fetchesResult(request) ? Operation.DOWNLOAD : Operation.GET;
      default -> null;
    };
  }

  private Reply answer(Request request, Fault fault) throws IOException {
    try {
      Matcher result = RESULT.matcher(request.target());
      return result.matches()
          ? jobs.result(request, result.group(1), fault)
          : authenticated(request, fault);
    } catch (Problem e) {
      return e.reply();
    }
  }

  private Reply authenticated(Request request, Fault fault) throws Problem, IOException {
    if (request.bearer().filter(keys::contains).isEmpty()) {
      throw Problem.unauthorized();
    }
    Matcher job = JOB.matcher(request.target());
    if (job.matches()) {
      return oneJob(request, job, fault);
    }
    return switch (request.target()) {
      case "POST /api/v2/parse" -> submissions.submit(request, fault);
      case "POST /api/v2/parse/upload" -> submissions.submitUpload(request, fault);
      case "GET /api/v2/parse" -> jobs.list(request, fault);
      case "POST /api/v1/beta/files", "POST /api/v1/files" -> submissions.upload(request);
      default -> throw Problem.notFound("Route");
    };
  }

  private Reply oneJob(Request request, Matcher path, Fault fault) throws Problem, IOException {
    boolean cancels = path.group(3) != null;
    if (cancels == path.group(1).equals("GET")) {
      throw Problem.notFound("Route");
    }
    return cancels ? jobs.cancel(path.group(2)) : jobs.show(path.group(2), request, fault);
  }
}
