package dev.sluice.localstack.lambda;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;

class SqsEventTest {
  private static final Set<String> BATCH = Set.of("a", "b");

  @ParameterizedTest
  @ValueSource(
      strings = {"", "null", "{}", "{\"batchItemFailures\":null}", "{\"batchItemFailures\":[]}"})
  void takesTheseAnswersAsSuccess(String answer) {
    assertThat(SqsEvent.failures(answer.getBytes(UTF_8), BATCH)).isEqualTo(Optional.of(Set.of()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "not json",
        "[]",
        "\"text\"",
        "{\"batchItemFailures\":7}",
        "{\"batchItemFailures\":[{\"itemIdentifier\":\"\"}]}",
        "{\"batchItemFailures\":[{\"itemIdentifier\":null}]}",
        "{\"batchItemFailures\":[{\"id\":\"a\"}]}",
        "{\"batchItemFailures\":[{\"itemIdentifier\":\"stranger\"}]}"
      })
  void takesTheseAnswersAsFailureOfTheWholeBatch(String answer) {
    assertThat(SqsEvent.failures(answer.getBytes(UTF_8), BATCH)).isEmpty();
  }

  @Test
  void namesTheMessagesThatFailed() {
    String answer = "{\"batchItemFailures\":[{\"itemIdentifier\":\"b\"}]}";

    assertThat(SqsEvent.failures(answer.getBytes(UTF_8), BATCH)).contains(Set.of("b"));
  }

  @Test
  void sendsBinaryAttributesInBase64() {
    Message message =
        Message.builder()
            .messageId("a")
            .body("x")
            .md5OfMessageAttributes("0f")
            .messageAttributes(
                Map.of(
                    "raw",
                    MessageAttributeValue.builder()
                        .dataType("Binary")
                        .binaryValue(SdkBytes.fromUtf8String("hi"))
                        .build()))
            .build();

    String event = new String(SqsEvent.of(List.of(message), "arn:aws:sqs:eu-west-1:0:q"), UTF_8);

    assertThat(event)
        .contains(
            "\"raw\":{\"binaryValue\":\"aGk=\",\"stringListValues\":[],\"binaryListValues\":[],\"dataType\":\"Binary\"}",
            "\"md5OfMessageAttributes\":\"0f\"");
  }
}
