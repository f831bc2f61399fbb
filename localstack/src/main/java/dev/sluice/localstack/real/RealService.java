package dev.sluice.localstack.real;

import dev.sluice.localstack.LocalCloudException;
import java.net.URI;
import java.util.Map;
import java.util.Set;

/**
 * Where a real provider is, and the key for it.
 *
 * @param baseUrl without {@code /v1} or a slash at its end
 */
public record RealService(URI baseUrl, String key) {
  private static final Set<String> THIS_MACHINE = Set.of("127.0.0.1", "localhost", "[::1]");

  /**
   * Reads it from the variables that the provider's own SDKs read.
   *
   * @throws LocalCloudException if there is no key, or an address over which it must not travel
   */
  static RealService of(Provider provider, Map<String, String> environment) {
    String key = environment.getOrDefault(provider.keyVariable(), "").strip();
    if (key.isEmpty()) {
      throw new LocalCloudException(
          "%s is to be the real one and there is no key for it: set %s."
              .formatted(provider.title(), provider.keyVariable()));
    }
    return new RealService(url(provider, environment), key);
  }

  private static URI url(Provider provider, Map<String, String> environment) {
    String given = environment.getOrDefault(provider.urlVariable(), "").strip();
    return given.isEmpty() ? provider.usualUrl() : checked(provider, given);
  }

  private static URI checked(Provider provider, String given) {
    try {
      // OpenAI's SDKs count the version to the base URL.
      URI url = URI.create(given.replaceAll("/+$", "").replaceAll("/v1$", ""));
      boolean secret = "https".equals(url.getScheme());
      boolean here = "http".equals(url.getScheme()) && THIS_MACHINE.contains(url.getHost());
      if (url.getHost() != null && (secret || here)) {
        return url;
      }
    } catch (IllegalArgumentException notAnAddress) {
      // Said below, in words that help.
    }
    throw new LocalCloudException(
        "%s must be an https:// address, since the key travels there, not '%s'."
            .formatted(provider.urlVariable(), given));
  }

  @Override
  public String toString() {
    return "RealService[" + baseUrl + "]";
  }
}
