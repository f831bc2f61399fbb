package dev.sluice.parse;

import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import dev.sluice.fixture.LambdaCall;
import java.util.List;
import java.util.Map;

/** A process of its own that delivers one message to the function, and ends well if it is done. */
final class OneDelivery {
  private OneDelivery() {}

  public static void main(String[] bodies) {
    var message = new SQSEvent.SQSMessage();
    message.setMessageId("m-1");
    message.setReceiptHandle("none");
    message.setBody(bodies[0]);
    message.setAttributes(Map.of("ApproximateReceiveCount", "1"));
    var event = new SQSEvent();
    event.setRecords(List.of(message));
    var answer = new ParseHandler().handleRequest(event, LambdaCall.context());
    System.exit(answer.getBatchItemFailures().size());
  }
}
