package dev.sluice.cli;

import dev.sluice.cli.cloud.Cloud;
import dev.sluice.cli.cloud.RemoteCloud;
import dev.sluice.cli.cloud.Steps;
import dev.sluice.localstack.real.RealServices;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which Sluice to call: by default the one on this machine. */
final class ApiOptions {
  static final String NONE_RUNS = "no local cloud is running; start one with: ./sluice up";

  @Option(
      names = "--url",
      paramLabel = "URL",
      description = "A deployed Sluice instead of this machine's (also SLUICE_URL).")
  private @Nullable String url;

  @Option(
      names = "--token",
      paramLabel = "JWT",
      description = "The bearer token for it (also SLUICE_TOKEN).")
  private @Nullable String token;

  /** The deployment named, or the cloud that runs here. */
  Cloud running(Surroundings surroundings) {
    return named(surroundings.environment())
        .or(() -> surroundings.clouds().running())
        .orElseThrow(() -> new CommandFailure(NONE_RUNS));
  }

  /** The deployment named, or the cloud that runs here, or one started for this command. */
  Cloud runningOrStarted(Surroundings surroundings, RealOptions real, Steps steps)
      throws InterruptedException {
    RealServices services = real.read(surroundings.environment());
    Optional<Cloud> there =
        named(surroundings.environment()).or(() -> surroundings.clouds().running());
    there.ifPresent(real::refuseFor);
    return there.isPresent() ? there.get() : surroundings.clouds().start(steps, services);
  }

  private Optional<Cloud> named(Map<String, String> environment) {
    String address = url != null ? url : environment.get("SLUICE_URL");
    if (address == null || address.isBlank()) {
      return Optional.empty();
    }
    String bearer = token != null ? token : environment.get("SLUICE_TOKEN");
    if (bearer == null || bearer.isBlank()) {
      throw new CommandFailure(
          "a token is needed to call " + address + ": --token or SLUICE_TOKEN");
    }
    return Optional.of(new RemoteCloud(uri(address.replaceAll("/+$", "")), bearer));
  }

  private static URI uri(String address) {
    try {
      URI uri = URI.create(address);
      if (uri.getHost() != null && uri.getScheme().startsWith("http")) {
        return uri;
      }
    } catch (IllegalArgumentException notAnAddress) {
      // Said below, in words that help.
    }
    throw new CommandFailure(address + " is no address; it should look like https://host");
  }
}
