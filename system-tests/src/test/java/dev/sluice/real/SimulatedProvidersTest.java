package dev.sluice.real;

import dev.sluice.localstack.real.Provider;
import dev.sluice.localstack.real.RealService;
import dev.sluice.simulator.llamaparse.LlamaParseOptions;
import dev.sluice.simulator.llamaparse.LlamaParseSimulator;
import dev.sluice.simulator.openai.OpenAiOptions;
import dev.sluice.simulator.openai.OpenAiSimulator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** The simulators, which must keep the same promises. */
@Tag("servers")
class SimulatedProvidersTest extends ProviderPromises {
  @TempDir private static Path state;
  private static OpenAiSimulator openAi;
  private static LlamaParseSimulator llamaParse;

  @BeforeAll
  static void startSimulators() throws IOException {
    openAi = OpenAiSimulator.start(OpenAiOptions.defaults());
    llamaParse = LlamaParseSimulator.start(LlamaParseOptions.defaults(state));
  }

  @AfterAll
  static void stopSimulators() {
    openAi.close();
    llamaParse.close();
  }

  @Override
  Optional<RealService> find(Provider asked) {
    return Optional.of(
        switch (asked) {
          case OPENAI -> new RealService(openAi.baseUrl(), "sk-local");
          case LLAMAPARSE -> new RealService(llamaParse.baseUrl(), "llx-local");
        });
  }
}
