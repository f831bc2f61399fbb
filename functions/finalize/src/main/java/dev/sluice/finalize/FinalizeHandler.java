package dev.sluice.finalize;

import dev.sluice.message.FinalizeMessage;
import dev.sluice.stage.StageHandler;

/** The finalize queue's Lambda function. */
public final class FinalizeHandler extends StageHandler<FinalizeMessage> {
  public FinalizeHandler() {
    super(FinalizeMessage.class, FinalizeDocument.class);
  }
}
