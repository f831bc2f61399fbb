package dev.sluice.localstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class TemplateParametersTest {
  @Test
  void areNamesWithTheirValues() {
    assertThat(TemplateParameters.given(Map.of())).isEmpty();
    assertThat(
            TemplateParameters.given(
                Map.of("SLUICE_PARAMETERS", " Parser=external  ExternalParserUrl=http://a/b?c=d ")))
        .isEqualTo(Map.of("Parser", "external", "ExternalParserUrl", "http://a/b?c=d"));
  }

  @Test
  void areNothingElse() {
    assertThatThrownBy(
            () -> TemplateParameters.given(Map.of("SLUICE_PARAMETERS", "Parser external")))
        .isInstanceOf(LocalCloudException.class)
        .hasMessage("SLUICE_PARAMETERS is written Name=value Name=value, not 'Parser'.");
  }
}
