package dev.sluice.parse;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A call to the parser that gave no answer to go on with. */
abstract sealed class ParserFault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String code;

  private ParserFault(String code, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  /** Snake case, for rows and logs. */
  final String code() {
    return code;
  }

  /** The text for people, which is never absent. */
  final String reason() {
    return String.valueOf(getMessage());
  }

  /** It said no, and would say no again. */
  static final class Refused extends ParserFault {
    private static final long serialVersionUID = 1L;

    Refused(String code, String message, @Nullable Throwable cause) {
      super(code, message, cause);
    }
  }

  /**
   * It is limited, broken or away, or wants a person to see to key or account, and may answer
   * later.
   *
   * @see #nothingDone()
   */
  static final class Unavailable extends ParserFault {
    private static final long serialVersionUID = 1L;
    private final boolean nothingDone;

    Unavailable(String code, String message, boolean nothingDone, @Nullable Throwable cause) {
      super(code, message, cause);
      this.nothingDone = nothingDone;
    }

    /** Whether the call certainly had no effect; otherwise it may have been taken and paid. */
    boolean nothingDone() {
      return nothingDone;
    }
  }

  /**
   * It was not asked: the limits that all functions share are used up, or it is known to be away.
   */
  static final class NotNow extends ParserFault {
    private static final long serialVersionUID = 1L;
    private final Duration retryAfter;

    NotNow(String code, Duration retryAfter) {
      super(code, "The parser is not asked for the time being.", null);
      this.retryAfter = retryAfter;
    }

    Duration retryAfter() {
      return retryAfter;
    }
  }

  /** It knows no such job, or no longer. */
  static final class JobGone extends ParserFault {
    private static final long serialVersionUID = 1L;
    private final String parseJobId;

    JobGone(String parseJobId) {
      super("parse_expired", "The parser no longer keeps this document's result.", null);
      this.parseJobId = parseJobId;
    }

    String parseJobId() {
      return parseJobId;
    }
  }
}
