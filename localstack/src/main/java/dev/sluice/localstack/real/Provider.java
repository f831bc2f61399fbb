package dev.sluice.localstack.real;

import java.net.URI;

/** A provider that costs money when it is not simulated. */
public enum Provider {
  OPENAI("OpenAI", "OPENAI_API_KEY", "OPENAI_BASE_URL", "https://api.openai.com"),
  LLAMAPARSE(
      "LlamaParse",
      "LLAMA_CLOUD_API_KEY",
      "LLAMA_CLOUD_BASE_URL",
      "https://api.cloud.llamaindex.ai");

  private final String title;
  private final String keyVariable;
  private final String urlVariable;
  private final URI usualUrl;

  Provider(String title, String keyVariable, String urlVariable, String usualUrl) {
    this.title = title;
    this.keyVariable = keyVariable;
    this.urlVariable = urlVariable;
    this.usualUrl = URI.create(usualUrl);
  }

  /** As people write it. */
  public String title() {
    return title;
  }

  /** The environment variable that its own SDKs take the key from. */
  public String keyVariable() {
    return keyVariable;
  }

  /** The same for its base URL, which differs by region. */
  public String urlVariable() {
    return urlVariable;
  }

  URI usualUrl() {
    return usualUrl;
  }
}
