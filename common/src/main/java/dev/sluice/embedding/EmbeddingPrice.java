package dev.sluice.embedding;

import io.micronaut.context.annotation.Property;
import io.micronaut.context.annotation.Requires;
import jakarta.inject.Singleton;
import java.math.BigDecimal;
import java.math.RoundingMode;

/** What tokens cost, in nano-dollars: a thousand-millionth of a dollar, as all money here. */
@Singleton
@Requires(property = "sluice.openai-secret")
public final class EmbeddingPrice {
  private final BigDecimal nanoUsdPerToken;

  /**
   * @param usdPerMillionTokens OpenAI's list price of text-embedding-3-small is 0.02
   */
  EmbeddingPrice(
      @Property(name = "sluice.openai-usd-per-million-tokens") BigDecimal usdPerMillionTokens) {
    this.nanoUsdPerToken = usdPerMillionTokens.movePointRight(9 - 6);
  }

  /** Rounded up: what is shown is never less than what is paid. */
  public long nanoUsd(long tokens) {
    return nanoUsdPerToken
        .multiply(BigDecimal.valueOf(tokens))
        .setScale(0, RoundingMode.CEILING)
        .longValueExact();
  }
}
