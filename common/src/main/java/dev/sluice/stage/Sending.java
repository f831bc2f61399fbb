package dev.sluice.stage;

import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import dev.sluice.message.MessageSender;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When a message was put into its queue.
 *
 * @param at the last time, as SQS says; a redrive puts it there anew
 * @param first the first time, as its sender says; unknown of what S3 sends
 */
record Sending(Instant at, @Nullable Instant first) {
  /** How far the clocks of SQS and senders may differ; no redrive is as quick. */
  private static final Duration CLOCKS_APART = Duration.ofSeconds(1);

  static Sending of(SQSMessage message) {
    var at = message.getAttributes().getOrDefault("SentTimestamp", "0");
    var attributes = message.getMessageAttributes();
    var first = attributes == null ? null : attributes.get(MessageSender.EMITTED_AT);
    return new Sending(
        Instant.ofEpochMilli(Long.parseLong(at)),
        first == null ? null : Instant.ofEpochMilli(Long.parseLong(first.getStringValue())));
  }

  /**
   * Whether someone has put the message back into its queue after its job failed. A sibling that
   * was first sent after the failure asks for nothing, nor does one of which nobody knows that it
   * was sent before. The message's id does not tell: AWS gives redriven messages new ones, other
   * servers do not.
   */
  boolean isRedriveAfter(Instant failure) {
    return first != null
        && !first.isAfter(failure)
        && at.isAfter(failure)
        && at.isAfter(first.plus(CLOCKS_APART));
  }
}
