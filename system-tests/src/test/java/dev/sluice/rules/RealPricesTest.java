package dev.sluice.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.localstack.real.Prices;
import java.io.IOException;
import java.io.StringReader;
import java.math.BigDecimal;
import java.util.Properties;
import org.junit.jupiter.api.Test;

/** The meter before the real providers counts by the same prices as the functions. */
class RealPricesTest {
  @Test
  void aTokenHasOnePrice() throws IOException {
    var common = properties("common/src/main/resources/application-function.properties");
    var usd = new BigDecimal(common.getProperty("sluice.openai-usd-per-million-tokens"));
    assertThat(Prices.OF_A_TOKEN.get("text-embedding-3-small"))
        .isEqualTo(usd.movePointRight(3).longValueExact());
  }

  @Test
  void aPageHasOnePrice() throws IOException {
    var parse = properties("functions/parse/src/main/resources/application.properties");
    var prefix = "sluice.llamaparse.prices.";
    var usd = new BigDecimal(parse.getProperty(prefix + "usd-per-thousand-credits"));
    assertThat(Prices.OF_A_CREDIT).isEqualTo(usd.movePointRight(6).longValueExact());
    assertThat(Prices.CREDITS_OF_A_PAGE)
        .allSatisfy(
            (tier, credits) ->
                assertThat(parse.getProperty(prefix + "credits-per-page." + tier.replace('_', '-')))
                    .isEqualTo(credits.toString()));
  }

  private static Properties properties(String path) throws IOException {
    var properties = new Properties();
    properties.load(new StringReader(Repository.text(path)));
    return properties;
  }
}
