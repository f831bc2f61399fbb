package dev.sluice.parse;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlainTextTest {
  @ParameterizedTest
  @CsvSource({
    "text/markdown, true",
    "text/plain, true",
    "TEXT/Plain; charset=utf-8, true",
    "text/csv, true",
    "text/html, false",
    "text/html; charset=utf-8, false",
    "application/pdf, false",
    "application/json, false"
  })
  void anyTextButHtmlNeedsNoParser(String mimeType, boolean isText) {
    assertThat(PlainText.is(mimeType)).isEqualTo(isText);
  }
}
