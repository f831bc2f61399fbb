package dev.sluice.parse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigDecimal;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ParsePricesTest {
  private final ParsePrices prices =
      new ParsePrices(new BigDecimal("1.25"), Map.of("fast", 1, "cost-effective", 3), 50_000);

  @Test
  void pricesCreditsInNanoDollars() {
    assertThat(prices.ofCredits(1_000)).isEqualTo(new NanoUsd(1_250_000_000));
    assertThat(prices.ofCredits(1)).isEqualTo(new NanoUsd(1_250_000));
    assertThat(prices.ofCredits(0)).isEqualTo(NanoUsd.NOTHING);
  }

  @Test
  void pricesPagesByTheTier() {
    assertThat(prices.ofPages("cost_effective", 12)).isEqualTo(new NanoUsd(45_000_000));
  }

  @Test
  void estimatesPagesFromBytesAndNeverFewerThanOne() {
    assertThat(prices.estimate("fast", 10)).isEqualTo(prices.ofPages("fast", 1));
    assertThat(prices.estimate("fast", 120_000)).isEqualTo(prices.ofPages("fast", 3));
  }

  @Test
  void roundsUpToAWholeNanoDollar() {
    assertThat(NanoUsd.ofUsd(new BigDecimal("0.0000000011"))).isEqualTo(new NanoUsd(2));
  }

  @Test
  void refusesATierWithoutAPrice() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> prices.ofPages("platinum", 1))
        .withMessageContaining("platinum");
  }
}
