package dev.sluice.simulator.admin;

import dev.sluice.simulator.fault.BadPlan;
import dev.sluice.simulator.fault.FaultPlan;
import dev.sluice.simulator.fault.Faults;
import dev.sluice.simulator.fault.PlanReader;
import dev.sluice.simulator.fault.PlanWriter;
import dev.sluice.simulator.http.Behaviour;
import dev.sluice.simulator.http.HttpFront;
import dev.sluice.simulator.http.Reply;
import dev.sluice.simulator.http.Request;
import dev.sluice.simulator.openai.MinuteLimits;
import dev.sluice.simulator.openai.OpenAiSimulator;
import java.io.IOException;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Sets and shows faults and limits over HTTP, on 127.0.0.1 and without a key: {@code GET}, {@code
 * PUT} and {@code DELETE /admin/faults}, {@code GET /admin/faults/log}, {@code GET} and {@code PUT
 * /admin/limits}. What it refuses, it answers with problem+json.
 */
public final class AdminServer implements AutoCloseable {
  private static final int MOST_BYTES = 1 << 20;
  private static final Set<String> PATHS =
      Set.of("/admin/faults", "/admin/faults/log", "/admin/limits");

  private final Faults faults;
  private final Optional<OpenAiSimulator> openAi;
  private final HttpFront front;

  private AdminServer(int port, Faults faults, Optional<OpenAiSimulator> openAi)
      throws IOException {
    this.faults = faults;
    this.openAi = openAi;
    this.front = HttpFront.start(port, Behaviour.GOOD, this::answer);
  }

  /**
   * Starts it.
   *
   * @param port 0 for any free one
   * @param faults of both simulators
   * @param openAi whose limits can be set; the real one's cannot
   */
  public static AdminServer start(int port, Faults faults, Optional<OpenAiSimulator> openAi)
      throws IOException {
    return new AdminServer(port, faults, openAi);
  }

  public URI baseUrl() {
    return front.baseUrl();
  }

  @Override
  public void close() {
    front.close();
  }

  private Reply answer(Request request) throws IOException {
    try {
      return route(request);
    } catch (BadPlan e) {
      return problem(400, "bad_plan", e.getMessage(), e.field());
    } catch (BadLimits e) {
      return problem(400, "bad_limits", e.getMessage(), e.field());
    }
  }

  private Reply route(Request request) throws IOException, BadPlan, BadLimits {
    return switch (request.target()) {
      case "GET /admin/faults" -> plan();
      case "PUT /admin/faults" -> {
        faults.begin(PlanReader.read(request.bodyBytes(MOST_BYTES)));
        yield plan();
      }
      case "DELETE /admin/faults" -> {
        faults.begin(FaultPlan.NONE);
        yield new Reply(204, Map.of(), new byte[0], null, Reply.Ending.WHOLE);
      }
      case "GET /admin/faults/log" -> Reply.json(200, faults.log());
      case "GET /admin/limits" -> limits();
      case "PUT /admin/limits" -> {
        LimitsReader.read(request.bodyBytes(MOST_BYTES), limitsByModel().keySet())
            .forEach((model, minute) -> openAi.orElseThrow().limit(model, minute));
        yield limits();
      }
      default -> unknown(request);
    };
  }

  private Reply plan() {
    return Reply.json(200, PlanWriter.write(faults.plan()));
  }

  private Reply limits() {
    return Reply.json(200, Map.of("limits", LimitsReader.write(limitsByModel())));
  }

  private Map<String, MinuteLimits> limitsByModel() {
    return openAi.map(OpenAiSimulator::limits).orElse(Map.of());
  }

  private static Reply unknown(Request request) {
    return PATHS.contains(request.path())
        ? problem(405, "method_not_allowed", "The route does not take this method.", null)
        : problem(404, "unknown_route", "There is no such route.", null);
  }

  private static Reply problem(
      int status, String code, @Nullable String detail, @Nullable String field) {
    Map<String, @Nullable Object> problem = new LinkedHashMap<>();
    problem.put("type", "urn:sluice:problem:" + code);
    problem.put("title", code.replace('_', ' '));
    problem.put("status", status);
    problem.put("detail", detail);
    problem.put("code", code);
    if (field != null) {
      problem.put("field", field);
    }
    return Reply.json(status, problem).with("Content-Type", "application/problem+json");
  }
}
