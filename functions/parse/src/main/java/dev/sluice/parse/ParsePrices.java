package dev.sluice.parse;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.convert.format.MapFormat;
import java.math.BigDecimal;
import java.util.Map;

/**
 * What the parser charges.
 *
 * @param usdPerThousandCredits the price of 1,000 credits in dollars
 * @param creditsPerPage by tier, with hyphens, as property names are written
 * @param bytesPerPage how many bytes a page is taken for, until its number is known
 */
@ConfigurationProperties("sluice.llamaparse.prices")
record ParsePrices(
    BigDecimal usdPerThousandCredits,
    @MapFormat(transformation = MapFormat.MapTransformation.FLAT)
        Map<String, Integer> creditsPerPage,
    long bytesPerPage) {

  /** The price of so many credits. */
  NanoUsd ofCredits(long credits) {
    return NanoUsd.ofUsd(
        usdPerThousandCredits.multiply(BigDecimal.valueOf(credits)).movePointLeft(3));
  }

  /**
   * The price of so many pages.
   *
   * @throws IllegalArgumentException if the tier has no price
   */
  NanoUsd ofPages(String tier, long pages) {
    var credits = creditsPerPage.get(tier.replace('_', '-'));
    if (credits == null) {
      throw new IllegalArgumentException("tier " + tier + " has no price in the configuration");
    }
    return ofCredits(credits * pages);
  }

  /** What a document of that size may cost, before anyone has counted its pages. */
  NanoUsd estimate(String tier, long bytes) {
    return ofPages(tier, Math.max(1, Math.ceilDiv(bytes, bytesPerPage)));
  }
}
