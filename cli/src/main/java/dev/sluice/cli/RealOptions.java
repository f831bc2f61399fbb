package dev.sluice.cli;

import dev.sluice.cli.cloud.Cloud;
import dev.sluice.localstack.real.Cap;
import dev.sluice.localstack.real.Provider;
import dev.sluice.localstack.real.RealServices;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which providers are the real ones in a cloud that is started, and what may be spent on them. */
final class RealOptions {
  @Option(
      names = "--real",
      paramLabel = "PROVIDER",
      split = ",",
      description = {
        "Call these for real: ${COMPLETION-CANDIDATES}. Takes the keys from OPENAI_API_KEY and"
            + " LLAMA_CLOUD_API_KEY; without it, both are simulated."
      })
  private Set<Provider> real = EnumSet.noneOf(Provider.class);

  @Option(
      names = "--cap",
      paramLabel = "CAP",
      description =
          "The most to spend on them until ./sluice reset (default:"
              + " parses=5,tokens=10000,usd=1).")
  private @Nullable String cap;

  /**
   * What the command line asks for.
   *
   * @throws CommandFailure if there is a cap and nothing that it could cap
   */
  RealServices read(Map<String, String> environment) {
    if (cap != null && real.isEmpty()) {
      throw new CommandFailure(
          "--cap limits what --real costs: name what is to be real, as in --real openai");
    }
    return RealServices.of(real, cap == null ? Cap.DEFAULT : Cap.parse(cap), environment);
  }

  /** A cloud that is there stays as it was started. */
  void refuseFor(Cloud there) {
    if (!real.isEmpty()) {
      throw new CommandFailure(
          "a cloud is running already at "
              + there.url()
              + ", and --real is for the start of one: ./sluice down stops that of this machine");
    }
  }

  /** The same options for the cloud's own process; the keys stay in the environment. */
  List<String> arguments() {
    List<String> arguments = new ArrayList<>();
    if (!real.isEmpty()) {
      arguments.add("--real=" + names());
    }
    if (cap != null) {
      arguments.add("--cap=" + cap);
    }
    return arguments;
  }

  private String names() {
    return real.stream()
        .map(provider -> provider.name().toLowerCase(Locale.ROOT))
        .sorted()
        .collect(Collectors.joining(","));
  }

  /** Where the providers are, for the first line of a command. */
  String where() {
    return real.isEmpty()
        ? "all on this machine"
        : "all on this machine but "
            + real.stream().map(Provider::title).sorted().collect(Collectors.joining(" and "));
  }
}
