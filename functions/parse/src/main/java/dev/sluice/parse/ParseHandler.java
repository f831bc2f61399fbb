package dev.sluice.parse;

import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import dev.sluice.message.ParseMessage;
import dev.sluice.stage.StageHandler;
import java.io.IOException;
import java.util.List;

/** The Lambda entry point: the bucket's events and the pipeline's own messages share a queue. */
public final class ParseHandler extends StageHandler<ParseMessage> {
  private final ParseQueue queue;

  public ParseHandler() {
    super(ParseMessage.class, ParseDocument.class);
    this.queue = bean(ParseQueue.class);
  }

  @Override
  public List<ParseMessage> read(SQSMessage message) throws IOException {
    return queue.read(message.getBody());
  }

  /** S3 delivers an event at least once. */
  @Override
  public boolean isForeign(SQSMessage message) throws IOException {
    return queue.isEvent(message.getBody());
  }
}
