package dev.sluice.stage;

import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import dev.sluice.message.StageMessage;
import java.io.IOException;
import java.util.List;

/**
 * Turns an SQS message into the stage's own; most give one, an S3 event may give several or none.
 */
@FunctionalInterface
public interface MessageReader<M extends StageMessage> {
  /**
   * Reads the body.
   *
   * @throws IOException if it is not what this stage's queue carries
   */
  List<M> read(SQSMessage message) throws IOException;

  /**
   * Whether another service has written it, which may say the same again at any time.
   *
   * @throws IOException if it is not what this stage's queue carries
   */
  default boolean isForeign(SQSMessage message) throws IOException {
    return false;
  }
}
