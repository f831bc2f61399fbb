package dev.sluice.validate;

import dev.sluice.message.ValidateMessage;
import dev.sluice.stage.StageHandler;

/** The validate queue's Lambda function. */
public final class ValidateHandler extends StageHandler<ValidateMessage> {
  public ValidateHandler() {
    super(ValidateMessage.class, ValidateDocument.class);
  }
}
