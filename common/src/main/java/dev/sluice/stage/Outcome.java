package dev.sluice.stage;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How one message ended. What becomes of the message follows from the type alone. */
public sealed interface Outcome {
  /** The work is committed and the next messages are sent: the message is deleted. */
  record Advanced() implements Outcome {}

  /**
   * There was nothing left to do: the work was done before, or the job has moved on, was deleted or
   * uploaded again. The message is deleted.
   */
  record AlreadyDone(String why) implements Outcome {}

  /**
   * Another invocation holds the lease. The message comes back when it ends: it may be the only
   * copy.
   *
   * @param rest what is left of the lease
   */
  record Busy(Duration rest) implements Outcome {}

  /**
   * Something named is awaited. Up to 60 s the message itself waits; longer waits stand in the row
   * and the sweep wakes them, so the message is deleted.
   *
   * @param why the name of what is awaited, for instance {@code rate_limit}
   */
  record Deferred(Duration delay, String why) implements Outcome {}

  /** A transient failure: the message comes back after 3, 6, 12 s, then the job fails. */
  record Failed(String code, String message, @Nullable Throwable cause) implements Outcome {}

  /**
   * A permanent failure: the job fails with this reason, and SQS moves the message to the
   * dead-letter queue.
   *
   * @param code for programs, snake case
   * @param message for people; never document text
   */
  record Rejected(String code, String message) implements Outcome {}

  /** For work that was begun as often as it may be, and never ended. */
  static Rejected attemptsExhausted() {
    return new Rejected(
        "attempts_exhausted",
        "The function was stopped at each of its attempts: too little time or memory, or a crash.");
  }

  /** The name in logs. */
  default String wireName() {
    return switch (this) {
      case Advanced a -> "advanced";
      case AlreadyDone a -> "already_done";
      case Busy b -> "busy";
      case Deferred d -> "deferred";
      case Failed f -> "failed";
      case Rejected r -> "rejected";
    };
  }
}
