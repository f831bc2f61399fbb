package dev.sluice.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.embedding.EmbeddingAnswer.Malformed;
import dev.sluice.embedding.EmbeddingsReply.Item;
import dev.sluice.embedding.EmbeddingsReply.Usage;
import dev.sluice.postgres.RateLimits.PerMinute;
import io.micronaut.core.convert.ConversionService;
import io.micronaut.http.simple.SimpleHttpHeaders;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What of an answer would do harm further on is taken for not said. */
class StrangeAnswersTest {
  @ParameterizedTest
  @CsvSource({"14, 14", "-1, 0", "1000001, 0"})
  void countsNoTokensThatNoRequestCanHave(long said, long counted) {
    assertThat(new EmbeddingsReply(List.of(), new Usage(said)).promptTokens()).isEqualTo(counted);
  }

  @Test
  void takesNothingForAVector() {
    var reply = new EmbeddingsReply(Arrays.<@Nullable Item>asList((Item) null), null);
    assertThat(new VectorDecoder(2).decode(reply, 1, null)).isInstanceOf(Malformed.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\u0000b", "", "Slow down, please", "no\nline"})
  void takesNoCodeThatIsNone(String said) {
    assertThat(new ErrorReply(new ErrorReply.Detail(null, null, said)).code()).isNull();
    assertThat(new ErrorReply(new ErrorReply.Detail(null, null, "slow_down")).code())
        .isEqualTo("slow_down");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1e300", "Infinity", "NaN", "-3", "0x1p100"})
  void reckonsWithNoLimitBeyondMeasure(String said) {
    var headers =
        new SimpleHttpHeaders(
            Map.of("x-ratelimit-limit-requests", said, "x-ratelimit-limit-tokens", "150000"),
            ConversionService.SHARED);
    assertThat(RateHeaders.of(headers).limits()).isEqualTo(new PerMinute(null, 150_000.0));
  }
}
