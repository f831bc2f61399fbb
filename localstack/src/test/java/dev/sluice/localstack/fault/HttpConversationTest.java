package dev.sluice.localstack.fault;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class HttpConversationTest {
  private final ByteArrayOutputStream server = new ByteArrayOutputStream();
  private final ByteArrayOutputStream client = new ByteArrayOutputStream();

  @Test
  void aRequestAndItsAnswerAreAStepAndTheNextRequestIsAnother() throws IOException {
    var steps = new ToldSteps();
    var sqs = new HttpConversation(steps, head -> StepNames.aws("sqs", head));
    ask(
        sqs,
        "POST / HTTP/1.1\r\nX-Amz-Target: AmazonSQS.SendMessage\r\nContent-Length: 2\r\n\r\n{");
    ask(sqs, "}");
    answer(sqs, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n");
    answer(sqs, "{}");
    ask(sqs, "POST / HTTP/1.1\r\nX-Amz-Tar");
    ask(sqs, "get: AmazonSQS.SendMessageBatch\r\n\r\n");
    answer(sqs, "HTTP/1.1 500 Oh\r\n\r\n");

    assertThat(steps.told)
        .containsExactly(
            "before sqs SendMessage",
            "after sqs SendMessage",
            "before sqs SendMessageBatch",
            "after sqs SendMessageBatch");
    assertThat(server.toString(ISO_8859_1))
        .isEqualTo(
            "POST / HTTP/1.1\r\nX-Amz-Target: AmazonSQS.SendMessage\r\nContent-Length: 2\r\n\r\n{}"
                + "POST / HTTP/1.1\r\nX-Amz-Target: AmazonSQS.SendMessageBatch\r\n\r\n");
    assertThat(client.toString(ISO_8859_1))
        .isEqualTo("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}HTTP/1.1 500 Oh\r\n\r\n");
  }

  @Test
  void anInterimAnswerIsNoAnswerYet() throws IOException {
    var steps = new ToldSteps();
    var s3 = new HttpConversation(steps, StepNames::s3);
    ask(s3, "PUT /bucket/parsed/7/text.md HTTP/1.1\r\nExpect: 100-continue\r\n\r\n");
    answer(s3, "HTTP/1.1 100 Continue\r\n\r\n");
    ask(s3, "the text");
    assertThat(steps.told).containsExactly("before s3 PUT parsed/");
    answer(s3, "HTTP/1.1 200 OK\r\n\r\n");
    assertThat(steps.told).containsExactly("before s3 PUT parsed/", "after s3 PUT parsed/");
    assertThat(server.toString(ISO_8859_1)).endsWith("\r\n\r\nthe text");
  }

  @Test
  void anUploadInPartsHasStepsOfItsOwn() throws IOException {
    var steps = new ToldSteps();
    var s3 = new HttpConversation(steps, StepNames::s3);
    for (String line :
        List.of(
            "GET /bucket?uploads&prefix=parsed%2F7%2Ftext.md",
            "POST /bucket/parsed/7/text.md?uploads",
            "PUT /bucket/parsed/7/text.md?partNumber=1&uploadId=u",
            "POST /bucket/parsed/7/text.md?uploadId=u",
            "DELETE /bucket/parsed/7/text.md?uploadId=u")) {
      ask(s3, line + " HTTP/1.1\r\n\r\n");
      answer(s3, "HTTP/1.1 200 OK\r\n\r\n");
    }
    assertThat(steps.told)
        .filteredOn(step -> step.startsWith("before"))
        .containsExactly(
            "before s3 GET / (unfinished parts)",
            "before s3 POST parsed/ (begin parts)",
            "before s3 PUT parsed/ (part)",
            "before s3 POST parsed/ (all parts)",
            "before s3 DELETE parsed/ (give up parts)");
  }

  @Test
  void whatIsBrokenBeforehandReachesNobody() {
    var steps = new ToldSteps("before openai POST /v1/embeddings");
    var openAi = new HttpConversation(steps, head -> StepNames.http("openai", head));
    assertThatThrownBy(() -> ask(openAi, "POST /v1/embeddings HTTP/1.1\r\n\r\n"))
        .hasMessage("before openai POST /v1/embeddings");
    assertThat(server.size()).isZero();
  }

  @Test
  void whatIsBrokenAfterwardsIsDoneAndNotHeardOf() throws IOException {
    var steps = new ToldSteps("after llamaparse GET /api/v2/parse/{id}");
    var parser = new HttpConversation(steps, head -> StepNames.http("llamaparse", head));
    ask(parser, "GET /api/v2/parse/pjb-0123456789?expand=metadata HTTP/1.1\r\n\r\n");
    assertThatThrownBy(() -> answer(parser, "HTTP/1.1 200 OK\r\n\r\n"))
        .hasMessageContaining("after");
    assertThat(server.size()).isPositive();
    assertThat(client.size()).isZero();
  }

  @Test
  void theRuntimeTellsOfAnEventWhenItArrivesAndOfTheAnswerAtBothEnds() throws IOException {
    var steps = new ToldSteps();
    var runtime = RuntimeConversation.on(steps);
    ask(runtime, "GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\n\r\n");
    assertThat(steps.told).isEmpty();
    answer(runtime, "HTTP/1.1 200 OK\r\n\r\n{}");
    ask(runtime, "POST /2018-06-01/runtime/invocation/7/response HTTP/1.1\r\n\r\n{}");
    answer(runtime, "HTTP/1.1 202 Accepted\r\n\r\n");
    assertThat(steps.told)
        .containsExactly("after received", "before acknowledgement", "after acknowledgement");
  }

  private void ask(Conversation conversation, String text) throws IOException {
    byte[] bytes = text.getBytes(ISO_8859_1);
    conversation.fromClient(bytes, bytes.length, server);
  }

  private void answer(Conversation conversation, String text) throws IOException {
    byte[] bytes = text.getBytes(ISO_8859_1);
    conversation.fromServer(bytes, bytes.length, client);
  }
}
