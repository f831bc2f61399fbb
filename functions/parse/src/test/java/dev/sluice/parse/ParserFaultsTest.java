package dev.sluice.parse;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ParserFaultsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"detail\": [{\"msg\": \"Input is odd\"}]}|: Input is odd",
        "{\"detail\": \"Not now\"}|: Not now"
      })
  void quotesTheParsersComplaint(String body, String end) {
    assertThat(complaint(body)).isEqualTo(end);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "no JSON", "null", "[]", "{\"detail\": []}", "{\"detail\": [[1]]}"})
  void leavesOutWhatIsNone(String body) {
    assertThat(complaint(body)).isEqualTo(".");
  }

  @Test
  void quotesOnlyWhatARowCanHold() {
    assertThat(ParserFaults.quote(" a\u0000b\n\ud800c ")).isEqualTo("a b c");
    assertThat(ParserFaults.quote("x".repeat(199) + "\ud83d\ude00y"))
        .isEqualTo("x".repeat(199) + "…");
    assertThat(ParserFaults.quote("x".repeat(200))).hasSize(200);
  }

  @ParameterizedTest
  @CsvSource({
    "200, parse_answer_unreadable, false",
    "404, parse_refused, false",
    "402, parse_credits_exhausted, true",
    "429, parse_rate_limited, true",
    "408, parse_unavailable, false",
    "503, parse_unavailable, false"
  })
  void tellsWhatAStatusMeans(int status, String code, boolean nothingDone) {
    var fault = ParserFaults.ofStatus(status, ".", null);
    assertThat(fault.code()).isEqualTo(code);
    assertThat(fault instanceof ParserFault.Unavailable away && away.nothingDone())
        .isEqualTo(nothingDone);
  }

  private static String complaint(String body) {
    return ParserFaults.complaint(body.getBytes(StandardCharsets.UTF_8));
  }
}
