package dev.sluice.crash;

import java.util.Locale;

/** What a sweep finds to do, besides a lease that somebody died with and a generation too many. */
enum Chore {
  /** Bytes that never came. */
  EXPIRE("failed_parse"),

  /** A job whose last attempt died without a word. */
  EXHAUST("failed_parse"),

  /** A batch whose last attempt did. */
  EXHAUST_BATCH("failed_embedding"),

  /** A callback that was recorded, and whose message is lost. */
  RESEND("complete"),

  /** A callback that never came. */
  POLL("complete"),

  /** A cancelled job's parse that goes on at the parser, and the message that would end it lost. */
  CANCEL_PARSE("cancelled"),

  /** A paid call of which nobody told how it ended. */
  CLOSE_CALL("complete"),

  /** A cancelled job's text, rows and objects. */
  GIVE_UP("cancelled"),

  /** Buffers and nonces that were kept for long enough. */
  PURGE("complete"),

  /** A chunk that search has lost and the buffers still have. */
  REPAIR("complete");

  private final String end;

  Chore(String end) {
    this.end = end;
  }

  static Chore of(Cell cell) {
    return valueOf(cell.act().replace(' ', '_').toUpperCase(Locale.ROOT));
  }

  /** The job's last status. */
  String end() {
    return end;
  }

  /** In the report's table. */
  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
