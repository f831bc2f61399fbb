package dev.sluice.localstack.real;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which providers are the real ones, and what may be spent on them. There is no way to have one
 * without a cap.
 */
public record RealServices(Map<Provider, RealService> services, Cap cap) {
  /** Everything is simulated. */
  public static final RealServices NONE = new RealServices(Map.of(), Cap.DEFAULT);

  public RealServices {
    services = Map.copyOf(services);
  }

  /**
   * Takes keys and addresses from the variables that the providers' own SDKs read.
   *
   * @param environment normally {@link System#getenv()}
   * @throws dev.sluice.localstack.LocalCloudException if a key is missing, with a sentence that
   *     says what to set
   */
  public static RealServices of(Set<Provider> providers, Cap cap, Map<String, String> environment) {
    Map<Provider, RealService> services = new EnumMap<>(Provider.class);
    providers.forEach(provider -> services.put(provider, RealService.of(provider, environment)));
    return new RealServices(services, cap);
  }

  /** The real one, or nothing where it is simulated. */
  public Optional<RealService> find(Provider provider) {
    return Optional.ofNullable(services.get(provider));
  }
}
