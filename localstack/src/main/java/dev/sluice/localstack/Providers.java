package dev.sluice.localstack;

import static java.util.stream.Collectors.joining;

import dev.sluice.localstack.real.Meter;
import dev.sluice.localstack.real.MeteringProxy;
import dev.sluice.localstack.real.Provider;
import dev.sluice.localstack.real.RealService;
import dev.sluice.localstack.real.RealServices;
import dev.sluice.simulator.fault.Faults;
import dev.sluice.simulator.llamaparse.LlamaParseOptions;
import dev.sluice.simulator.llamaparse.LlamaParseSimulator;
import dev.sluice.simulator.openai.OpenAiOptions;
import dev.sluice.simulator.openai.OpenAiSimulator;
import java.io.IOException;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What listens at the providers' addresses: a simulator, or the proxy to the real one.
 *
 * @param llamaParse empty if it is the real one
 * @param openAi empty if it is the real one
 */
record Providers(
    URI llamaParseUrl,
    URI openAiUrl,
    Optional<LlamaParseSimulator> llamaParse,
    Optional<OpenAiSimulator> openAi) {
  private static final String SIMULATED_LLAMA_PARSE_KEY = "llx-local";
  private static final String SIMULATED_OPEN_AI_KEY = "sk-local";

  /** What the template is told of them; the addresses are this machine's in either case. */
  static Map<String, String> parameters(CloudOptions options) {
    Optional<RealService> llamaParse = options.real().find(Provider.LLAMAPARSE);
    Optional<RealService> openAi = options.real().find(Provider.OPENAI);
    Map<String, String> parameters = new HashMap<>();
    parameters.put("LlamaParseUrl", url(options.ports().llamaParse()).toString());
    parameters.put(
        "LlamaParseApiKey", llamaParse.map(RealService::key).orElse(SIMULATED_LLAMA_PARSE_KEY));
    parameters.put("OpenAiUrl", url(options.ports().openAi()).toString());
    parameters.put("OpenAiApiKey", openAi.map(RealService::key).orElse(SIMULATED_OPEN_AI_KEY));
    if (llamaParse.isPresent()) {
      // It reaches neither the bucket nor the webhook of this machine.
      parameters.put("LlamaParseSubmit", "upload");
    }
    return parameters;
  }

  private static URI url(int port) {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** What is started, with the cap where it costs money. */
  static String title(RealServices real) {
    if (real.services().isEmpty()) {
      return "simulated providers";
    }
    String names =
        real.services().keySet().stream().sorted().map(Provider::title).collect(joining(" and "));
    return "real " + names + " (at most " + real.cap().text() + ")";
  }

  static Providers start(CloudOptions options, Faults faults, StartUp startUp) throws IOException {
    startProxies(options, startUp);
    return new Providers(
        url(options.ports().llamaParse()),
        url(options.ports().openAi()),
        options.real().find(Provider.LLAMAPARSE).isPresent()
            ? Optional.empty()
            : Optional.of(startLlamaParse(options, faults, startUp)),
        options.real().find(Provider.OPENAI).isPresent()
            ? Optional.empty()
            : Optional.of(startOpenAi(options, faults, startUp)));
  }

  private static void startProxies(CloudOptions options, StartUp startUp) throws IOException {
    if (options.real().services().isEmpty()) {
      return;
    }
    Meter meter = Meter.open(options.state(), options.real().cap());
    for (var real : options.real().services().entrySet()) {
      startUp.keep(
          "the proxy to the real " + real.getKey().title(),
          MeteringProxy.start(
              port(options.ports(), real.getKey()),
              real.getKey(),
              real.getValue().baseUrl(),
              meter,
              options.state()));
    }
  }

  private static int port(CloudPorts ports, Provider provider) {
    return switch (provider) {
      case OPENAI -> ports.openAi();
      case LLAMAPARSE -> ports.llamaParse();
    };
  }

  private static LlamaParseSimulator startLlamaParse(
      CloudOptions options, Faults faults, StartUp startUp) throws IOException {
    LlamaParseOptions parser =
        LlamaParseOptions.defaults(options.state().resolve("llamaparse"))
            .withPort(options.ports().llamaParse())
            .withApiKeys(Set.of(SIMULATED_LLAMA_PARSE_KEY))
            .withFaults(faults);
    return startUp.keep("the LlamaParse simulator", LlamaParseSimulator.start(parser));
  }

  private static OpenAiSimulator startOpenAi(CloudOptions options, Faults faults, StartUp startUp)
      throws IOException {
    OpenAiOptions embeddings =
        OpenAiOptions.defaults()
            .withPort(options.ports().openAi())
            .withApiKeys(Set.of(SIMULATED_OPEN_AI_KEY))
            .withFaults(faults)
            .withLimits(options.simulators().embeddingLimits())
            .withClock(options.clock());
    return startUp.keep("the OpenAI simulator", OpenAiSimulator.start(embeddings));
  }
}
