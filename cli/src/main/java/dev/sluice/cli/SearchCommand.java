package dev.sluice.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.sluice.cli.api.Answer;
import dev.sluice.cli.api.Json;
import dev.sluice.cli.api.Question;
import dev.sluice.cli.cloud.Cloud;
import dev.sluice.cli.terminal.Passages;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "search",
    mixinStandardHelpOptions = true,
    description = "Finds the passages nearest to your words in the documents that are complete.",
    footer = {
      "",
      "Examples:",
      "  ./sluice search \"when does the cover begin\"",
      "  ./sluice search --top 10 --json \"water damage\"",
      "  ./sluice search --document 3b9f… \"excess\""
    })
final class SearchCommand implements Callable<Integer> {
  private static final int MOST = 50;

  private final Surroundings surroundings;

  @Mixin private ApiOptions api = new ApiOptions();

  @Parameters(arity = "1..*", paramLabel = "WORDS", description = "What to look for.")
  private List<String> words = List.of();

  @Option(
      names = "--top",
      paramLabel = "N",
      defaultValue = "5",
      description = "How many passages, 1 to 50 (default: ${DEFAULT-VALUE}).")
  private int top;

  @Option(names = "--document", paramLabel = "ID", description = "Only in this document.")
  private @Nullable String document;

  @Option(names = "--json", description = "One JSON object and nothing else.")
  private boolean json;

  SearchCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws JsonProcessingException {
    if (top < 1 || top > MOST) {
      throw new CommandFailure("--top takes a number from 1 to " + MOST + ", not " + top);
    }
    String query = String.join(" ", words);
    if (query.isBlank()) {
      throw new CommandFailure("there is nothing to search for in an empty question");
    }
    try (Cloud cloud = api.running(surroundings)) {
      show(query, surroundings.api(cloud).search(new Question(query, top, document)));
    }
    return ExitCode.DONE;
  }

  private void show(String query, Answer answer) throws JsonProcessingException {
    if (json) {
      surroundings
          .screen()
          .out()
          .println(Json.MAPPER.writeValueAsString(SearchReport.of(query, answer)));
    } else {
      new Passages(surroundings.screen()).print(answer);
    }
  }
}
