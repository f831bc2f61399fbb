package dev.sluice.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import dev.sluice.cli.api.Job;
import dev.sluice.cli.api.Json;
import dev.sluice.cli.api.SluiceApi;
import dev.sluice.cli.cloud.Cloud;
import dev.sluice.cli.cloud.RunningCloud;
import dev.sluice.cli.terminal.JobTable;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    description = "Shows where your documents stand, or everything about one.",
    footer = {
      "",
      "Examples:",
      "  ./sluice status",
      "  ./sluice status 0c4f6d6e-6a5b-5f6a-9a53-0e5d7a0c1f11",
      "  ./sluice status --json | jq '.jobs[] | select(.status != \"complete\")'"
    })
final class StatusCommand implements Callable<Integer> {
  private static final int LATEST = 50;

  private final Surroundings surroundings;

  @Mixin private ApiOptions api = new ApiOptions();

  @Parameters(arity = "0..1", paramLabel = "DOCUMENT", description = "A document's id.")
  private @Nullable String document;

  @Option(names = "--json", description = "One JSON object and nothing else.")
  private boolean json;

  StatusCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException {
    try (Cloud cloud = api.running(surroundings)) {
      SluiceApi calls = surroundings.api(cloud);
      if (document == null) {
        show(calls.jobs(LATEST), spending(cloud));
      } else {
        show(calls.job(document));
      }
    }
    return ExitCode.DONE;
  }

  private void show(List<Job> jobs, @Nullable RealSpending spending)
      throws JsonProcessingException {
    if (json) {
      print(new Overview(jobs, spending));
      return;
    }
    new JobTable(surroundings.screen()).list(jobs);
    if (spending != null) {
      surroundings.screen().out().println(spending.line());
    }
  }

  /** What {@code status --json} prints. */
  private record Overview(
      List<Job> jobs,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable RealSpending realSpending) {}

  /** Of a cloud of this machine; a deployment has no cap. */
  private @Nullable RealSpending spending(Cloud cloud) throws IOException {
    return cloud instanceof RunningCloud ? RealSpending.in(surroundings.workspace().state()) : null;
  }

  private void show(Job job) throws JsonProcessingException {
    if (json) {
      print(job);
    } else {
      new JobTable(surroundings.screen()).one(job);
    }
  }

  private void print(Object what) throws JsonProcessingException {
    surroundings.screen().out().println(Json.MAPPER.writeValueAsString(what));
  }
}
