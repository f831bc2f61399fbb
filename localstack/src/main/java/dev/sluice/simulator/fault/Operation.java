package dev.sluice.simulator.fault;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a simulated provider does that can go wrong. Each counts its requests on its own. */
public enum Operation {
  /** {@code POST /v1/embeddings}. */
  EMBEDDINGS("openai"),
  /** A document is handed over: by address, or with its bytes. */
  SUBMIT("llamaparse"),
  /** A job is asked for. */
  GET("llamaparse"),
  /** Jobs are listed. */
  LIST("llamaparse"),
  /** A result is fetched: a job is asked for with its pages, or the signed address is read. */
  DOWNLOAD("llamaparse"),
  /** The provider calls us. */
  CALLBACK("llamaparse");

  private final String provider;

  Operation(String provider) {
    this.provider = provider;
  }

  public String provider() {
    return provider;
  }

  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<Operation> of(String provider, String name) {
    return Arrays.stream(values())
        .filter(operation -> operation.provider.equals(provider))
        .filter(operation -> operation.wireName().equals(name))
        .findFirst();
  }
}
