package dev.sluice.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.sluice.cli.api.Json;
import dev.sluice.cli.redrive.DeadLetterQueues;
import dev.sluice.cli.redrive.RedriveRefused;
import dev.sluice.cli.redrive.Redriven;
import dev.sluice.cli.terminal.Count;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import software.amazon.awssdk.core.exception.SdkException;

@Command(
    name = "redrive",
    mixinStandardHelpOptions = true,
    description = {
      "Brings the messages of a dead-letter queue back to their stage.",
      "Each failed job goes on from the last state that is stored; what was paid for is not paid",
      "again. The AWS console's redrive and aws sqs start-message-move-task do the same.",
      "For one document, failed for whatever reason: ./sluice retry DOCUMENT"
    },
    footer = {
      "",
      "QUEUE is a stage: parse, validate, chunk, embed or finalize.",
      "",
      "Examples:",
      "  ./sluice redrive embed                  after the provider's outage",
      "  ./sluice redrive --all",
      "  ./sluice redrive embed --stack sluice   a deployed stack, with this shell's AWS"
          + " credentials"
    })
final class RedriveCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Parameters(
      arity = "0..1",
      paramLabel = "QUEUE",
      description = "The stage whose messages failed.")
  private @Nullable String queue;

  @Option(names = "--all", description = "Every stage's.")
  private boolean all;

  @Option(
      names = "--stack",
      paramLabel = "STACK",
      description = "A stack on AWS instead of the cloud that runs on this machine.")
  private @Nullable String stack;

  @Option(names = "--json", description = "One JSON object and nothing else.")
  private boolean json;

  RedriveCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws JsonProcessingException {
    List<Redriven> redriven = new ArrayList<>();
    List<String> stages = stages();
    try (DeadLetterQueues queues = queues()) {
      for (String stage : stages) {
        redriven.add(queues.redrive(stage));
      }
    } catch (SdkException | RedriveRefused refused) {
      redriven.forEach(this::say);
      throw new CommandFailure(
          "not all messages were moved: " + String.valueOf(refused.getMessage()), refused);
    }
    if (json) {
      String report = Json.MAPPER.writeValueAsString(Map.of("queues", redriven));
      surroundings.screen().out().println(report);
    } else {
      redriven.forEach(this::say);
    }
    return ExitCode.DONE;
  }

  private List<String> stages() {
    if (all == (queue != null)) {
      throw new CommandFailure("name one queue, or --all of them: ./sluice redrive --help");
    }
    if (queue == null) {
      return DeadLetterQueues.STAGES;
    }
    if (!DeadLetterQueues.STAGES.contains(queue)) {
      throw new CommandFailure(
          "there is no queue "
              + queue
              + "; there are "
              + String.join(", ", DeadLetterQueues.STAGES));
    }
    return List.of(queue);
  }

  private DeadLetterQueues queues() {
    if (stack != null) {
      return DeadLetterQueues.of(stack, surroundings.pause());
    }
    String address =
        surroundings
            .clouds()
            .running()
            .map(cloud -> cloud.endpoints().get("sqs"))
            .orElseThrow(() -> new CommandFailure(ApiOptions.NONE_RUNS));
    return DeadLetterQueues.local(URI.create(address), surroundings.pause());
  }

  private void say(Redriven queue) {
    surroundings
        .screen()
        .out()
        .println(
            queue.moved() == 0
                ? queue.stage() + ": there is nothing to bring back."
                : queue.stage()
                    + ": "
                    + Count.of((int) queue.moved(), "message")
                    + " went back to the queue.");
  }
}
