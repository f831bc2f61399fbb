package dev.sluice.real;

import dev.sluice.localstack.real.Cap;
import dev.sluice.localstack.real.Provider;
import dev.sluice.localstack.real.RealService;
import dev.sluice.localstack.real.RealServices;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;

/** The real ones, at the addresses and with the keys that the environment has. */
@Tag("real")
class RealProvidersTest extends ProviderPromises {
  @Override
  Optional<RealService> find(Provider asked) {
    return System.getenv().getOrDefault(asked.keyVariable(), "").isBlank()
        ? Optional.empty()
        : RealServices.of(Set.of(asked), Cap.DEFAULT, System.getenv()).find(asked);
  }
}
