package dev.sluice.localstack.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.localstack.LocalCloudException;
import java.net.URI;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RealServicesTest {
  private static final String KEY = "sk-secret";

  @Test
  void takesKeysAndUsualAddresses() {
    RealServices services =
        RealServices.of(
            Set.of(Provider.OPENAI, Provider.LLAMAPARSE),
            Cap.DEFAULT,
            Map.of("OPENAI_API_KEY", KEY + "\n", "LLAMA_CLOUD_API_KEY", "llx-secret"));
    assertThat(services.find(Provider.OPENAI))
        .contains(new RealService(URI.create("https://api.openai.com"), KEY));
    assertThat(services.find(Provider.LLAMAPARSE))
        .contains(new RealService(URI.create("https://api.cloud.llamaindex.ai"), "llx-secret"));
    assertThat(services.toString()).doesNotContain(KEY, "llx-secret");
  }

  @ParameterizedTest
  @CsvSource({
    "https://api.example.com/v1/, https://api.example.com",
    "https://eu.example.com, https://eu.example.com",
    "http://127.0.0.1:99, http://127.0.0.1:99"
  })
  void takesAnotherRegionsAddress(String given, URI meant) {
    assertThat(openAi(Map.of("OPENAI_API_KEY", KEY, "OPENAI_BASE_URL", given)))
        .isEqualTo(new RealService(meant, KEY));
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://api.openai.com", "ftp://127.0.0.1", "openai", "https://", ":"})
  void sendsNoKeyWhereItCouldBeRead(String url) {
    assertThatThrownBy(() -> openAi(Map.of("OPENAI_API_KEY", KEY, "OPENAI_BASE_URL", url)))
        .isInstanceOf(LocalCloudException.class)
        .hasMessageStartingWith("OPENAI_BASE_URL must be an https:// address");
  }

  @Test
  void saysWhichKeyIsMissing() {
    assertThatThrownBy(() -> openAi(Map.of("OPENAI_API_KEY", " ")))
        .isInstanceOf(LocalCloudException.class)
        .hasMessage("OpenAI is to be the real one and there is no key for it: set OPENAI_API_KEY.");
  }

  private static RealService openAi(Map<String, String> environment) {
    return RealServices.of(Set.of(Provider.OPENAI), Cap.DEFAULT, environment)
        .find(Provider.OPENAI)
        .orElseThrow();
  }
}
