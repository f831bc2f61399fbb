package dev.sluice.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.sluice.cli.api.Json;
import dev.sluice.cli.api.SluiceApi;
import dev.sluice.cli.cloud.Cloud;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A command that does one thing to one document and says what came of it. */
abstract class DocumentAct implements Callable<Integer> {
  private final Surroundings surroundings;

  @Mixin private ApiOptions api = new ApiOptions();

  @Parameters(
      paramLabel = "DOCUMENT",
      description = "A document's id, as ./sluice status lists it.")
  private String document = "";

  @Option(names = "--json", description = "One JSON object and nothing else.")
  private boolean json;

  DocumentAct(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  /**
   * What was done.
   *
   * @param sentence for people
   * @param report for programs
   */
  record Done(String sentence, Object report) {}

  abstract Done act(SluiceApi calls, String documentId);

  @Override
  public final Integer call() throws JsonProcessingException {
    try (Cloud cloud = api.running(surroundings)) {
      Done done = act(surroundings.api(cloud), document);
      surroundings
          .screen()
          .out()
          .println(json ? Json.MAPPER.writeValueAsString(done.report()) : done.sentence());
    }
    return ExitCode.DONE;
  }
}
