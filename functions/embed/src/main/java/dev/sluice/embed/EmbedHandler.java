package dev.sluice.embed;

import dev.sluice.message.EmbedMessage;
import dev.sluice.stage.StageHandler;

/** The embed queue's Lambda function. */
public final class EmbedHandler extends StageHandler<EmbedMessage> {
  public EmbedHandler() {
    super(EmbedMessage.class, EmbedBatch.class);
  }
}
