package dev.sluice.chunk;

import dev.sluice.message.ChunkMessage;
import dev.sluice.stage.StageHandler;

/** The chunk queue's Lambda function. */
public final class ChunkHandler extends StageHandler<ChunkMessage> {
  public ChunkHandler() {
    super(ChunkMessage.class, ChunkDocument.class);
  }
}
