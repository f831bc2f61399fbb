package dev.sluice.localstack.fault;

import dev.sluice.localstack.fault.Boundary.Side;
import java.io.IOException;

/**
 * The Runtime API of one process. A process waits for its next event as long as there is none, so
 * only the event's arrival is told; the answer is what the queue's messages are deleted for.
 */
final class RuntimeConversation {
  private static final String RECEIVED = "received";
  private static final String ACKNOWLEDGEMENT = "acknowledgement";

  private RuntimeConversation() {}

  static Conversation on(Conversation.Steps steps) {
    return new HttpConversation(new Told(steps), RuntimeConversation::name);
  }

  private static String name(String head) {
    String path = StepNames.path(StepNames.line(head)[1]);
    return path.endsWith("/next") ? RECEIVED : ACKNOWLEDGEMENT;
  }

  private record Told(Conversation.Steps steps) implements Conversation.Steps {
    private static final Boundary WAITING = new Boundary("", RECEIVED, 1, Side.BEFORE, -1);

    @Override
    public Boundary begin(String step) throws IOException {
      return step.equals(RECEIVED) ? WAITING : steps.begin(step);
    }

    @Override
    public void end(Boundary begun) throws IOException {
      if (begun == WAITING) {
        steps.happened(RECEIVED);
      } else {
        steps.end(begun);
      }
    }

    @Override
    public void happened(String step) throws IOException {
      steps.happened(step);
    }
  }
}
