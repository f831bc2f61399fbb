package dev.sluice.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Here for its help alone: the launcher runs the tests, since it owns the build. */
@Command(
    name = "test",
    mixinStandardHelpOptions = true,
    description =
        "Runs Sluice's own tests; without an option all of them, with the coverage check.",
    footer = {
      "",
      "Examples:",
      "  ./sluice test --fast              unit tests, no servers: seconds",
      "  ./sluice test --e2e               the whole pipeline, from upload to search",
      "  ./sluice test --docker            the same against LocalStack and PostgreSQL in"
          + " containers",
      "  ./sluice test --crash             every step killed and broken: well over an hour",
      "  ./sluice test --real              what the real providers do, with your keys: cents",
      "  ./sluice test                     everything else, as continuous integration does"
    })
final class TestCommand implements Runnable {
  @Option(names = "--fast", description = "Only what needs no server.")
  private boolean fast;

  @Option(names = "--e2e", description = "Only the whole pipeline.")
  private boolean wholePipeline;

  @Option(
      names = "--crash",
      description = "Only the crash matrix and the outages; writes docs/reliability.md.")
  private boolean crash;

  @Option(
      names = "--docker",
      description = "The whole pipeline with LocalStack and PostgreSQL in containers.")
  private boolean docker;

  @Option(
      names = "--real",
      description =
          "Only what is relied on of the real OpenAI and LlamaParse; needs OPENAI_API_KEY or"
              + " LLAMA_CLOUD_API_KEY, and costs a few cents at most.")
  private boolean real;

  @Override
  public void run() {
    throw new CommandFailure("tests run through the launcher: ./sluice test");
  }
}
