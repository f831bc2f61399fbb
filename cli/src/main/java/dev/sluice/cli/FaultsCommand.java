package dev.sluice.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.cli.api.Json;
import dev.sluice.cli.faults.ProviderAdmin;
import dev.sluice.cli.faults.RuleText;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "faults",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "Makes the simulated providers of the running cloud misbehave.",
      "The faults, and how a plan is replayed from its seed: docs/faults.md"
    },
    footer = {
      "",
      "Examples:",
      "  ./sluice faults set --rule 'openai embeddings status=429 code=rate_limit_exceeded"
          + " rate=0.2'",
      "  ./sluice faults set --seed 7 --rule 'llamaparse callback lost rate=0.5'",
      "  ./sluice faults set plan.json",
      "  ./sluice faults show",
      "  ./sluice faults log               what the plan has done so far",
      "  ./sluice faults limits --requests 60 --tokens 10000",
      "  ./sluice faults clear"
    })
final class FaultsCommand implements Runnable {
  private final Surroundings surroundings;

  @Spec private CommandSpec spec;

  FaultsCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "say what to do: show, set, clear, log or limits");
  }

  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = "Shows the plan that runs.",
      footer = {
        "",
        "Examples:",
        "  ./sluice faults show",
        "  ./sluice faults show --json > plan.json"
      })
  int show(@Option(names = "--json", description = "The plan as JSON.") boolean json)
      throws JsonProcessingException {
    try (ProviderAdmin admin = admin()) {
      show(admin.plan(), json);
    }
    return ExitCode.DONE;
  }

  @Command(
      name = "set",
      mixinStandardHelpOptions = true,
      description = "Begins a plan in the place of the one that runs.",
      footer = {
        "",
        "A rule: PROVIDER OPERATION [FAULT] [NAME=VALUE…]. The first rule that strikes decides.",
        "",
        "Examples:",
        "  ./sluice faults set --rule 'openai embeddings latency_ms=800 every=5'",
        "  ./sluice faults set --rule 'openai embeddings nan first=1'",
        "  ./sluice faults set --seed 7 --rule 'llamaparse submit reset rate=0.3' \\",
        "      --rule 'llamaparse callback late latency_ms=600000'",
        "  ./sluice faults set plan.json"
      })
  int set(
      @Parameters(arity = "0..1", paramLabel = "FILE", description = "A plan as JSON.")
          @Nullable Path file,
      @Option(names = "--rule", paramLabel = "RULE", description = "A rule; may be repeated.")
          @Nullable List<String> rules,
      @Option(
              names = "--seed",
              paramLabel = "N",
              description = "Decides every draw; with --rule. Default: ${DEFAULT-VALUE}.",
              defaultValue = "1")
          long seed)
      throws IOException {
    if ((file == null) == (rules == null)) {
      throw new CommandFailure("name a file, or give each --rule: ./sluice faults set --help");
    }
    byte[] plan = file == null ? plan(seed, rules) : read(file);
    try (ProviderAdmin admin = admin()) {
      show(admin.begin(plan), false);
    }
    return ExitCode.DONE;
  }

  @Command(
      name = "clear",
      mixinStandardHelpOptions = true,
      description = "Ends the plan: nothing goes wrong any more.",
      footer = {"", "Examples:", "  ./sluice faults clear"})
  int clear() {
    try (ProviderAdmin admin = admin()) {
      admin.clear();
    }
    surroundings.screen().out().println("Nothing goes wrong any more.");
    return ExitCode.DONE;
  }

  @Command(
      name = "log",
      mixinStandardHelpOptions = true,
      description = "Shows which requests the plan has struck so far.",
      footer = {
        "",
        "Examples:",
        "  ./sluice faults log",
        "  ./sluice faults log --json        every decision; equal for a plan that is replayed"
      })
  int log(@Option(names = "--json", description = "The log as JSON.") boolean json)
      throws JsonProcessingException {
    try (ProviderAdmin admin = admin()) {
      JsonNode log = admin.log();
      if (json) {
        print(log);
      } else {
        report().decisions(log.path("decisions"));
      }
    }
    return ExitCode.DONE;
  }

  @Command(
      name = "limits",
      mixinStandardHelpOptions = true,
      description = "Shows or sets what may be asked of the embedding models in a minute.",
      footer = {
        "",
        "Examples:",
        "  ./sluice faults limits",
        "  ./sluice faults limits --requests 60 --tokens 10000",
        "  ./sluice faults limits --requests 60 --model text-embedding-3-large"
      })
  int limits(
      @Option(names = "--requests", paramLabel = "N", description = "Requests a minute.")
          @Nullable Integer requests,
      @Option(names = "--tokens", paramLabel = "N", description = "Tokens a minute.")
          @Nullable Integer tokens,
      @Option(names = "--model", paramLabel = "MODEL", description = "This one alone.")
          @Nullable String model) {
    try (ProviderAdmin admin = admin()) {
      JsonNode limits = admin.limits();
      if (requests != null || tokens != null) {
        limits = admin.limit(changed(limits, requests, tokens, model));
      }
      report().limits(limits.path("limits"));
    }
    return ExitCode.DONE;
  }

  private static JsonNode changed(
      JsonNode limits,
      @Nullable Integer requests,
      @Nullable Integer tokens,
      @Nullable String model) {
    ObjectNode changed = Json.MAPPER.createObjectNode();
    var list = changed.putArray("limits");
    for (JsonNode limit : limits.path("limits")) {
      String name = limit.path("model").asText();
      if (model == null || model.equals(name)) {
        list.addObject()
            .put("model", name)
            .put("requests_per_minute", or(requests, limit.path("requests_per_minute")))
            .put("tokens_per_minute", or(tokens, limit.path("tokens_per_minute")));
      }
    }
    if (list.isEmpty()) {
      throw new CommandFailure("there is no model " + model);
    }
    return changed;
  }

  private static int or(@Nullable Integer told, JsonNode before) {
    return told == null ? before.asInt() : told;
  }

  private static byte[] plan(long seed, @Nullable List<String> rules) throws IOException {
    ObjectNode plan = Json.MAPPER.createObjectNode().put("seed", seed);
    var list = plan.putArray("rules");
    for (String rule : rules == null ? List.<String>of() : rules) {
      var unused = list.add(RuleText.read(rule));
    }
    return Json.MAPPER.writeValueAsBytes(plan);
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new CommandFailure(file + " cannot be read", e);
    }
  }

  private ProviderAdmin admin() {
    String address =
        surroundings
            .clouds()
            .running()
            .map(cloud -> cloud.endpoints().get("admin"))
            .orElseThrow(() -> new CommandFailure(ApiOptions.NONE_RUNS));
    return new ProviderAdmin(URI.create(address));
  }

  private void show(JsonNode plan, boolean json) throws JsonProcessingException {
    if (json) {
      print(plan);
    } else {
      report().plan(plan);
    }
  }

  private void print(JsonNode json) throws JsonProcessingException {
    surroundings.screen().out().println(Json.MAPPER.writeValueAsString(json));
  }

  private FaultsReport report() {
    return new FaultsReport(surroundings.screen().out());
  }
}
