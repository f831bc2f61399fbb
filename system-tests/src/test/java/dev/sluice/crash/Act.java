package dev.sluice.crash;

import java.util.Arrays;
import java.util.Locale;

/**
 * What happens to a document besides its going its way, and the function that is disturbed at it.
 */
enum Act {
  CANCEL("api"),
  RETRY("api"),
  DELETE("api"),
  ROLLBACK("api"),

  /** Of three complete generations the first is no longer kept. */
  DROP("sweep");

  private final String function;

  Act(String function) {
    this.function = function;
  }

  static boolean is(String word) {
    return Arrays.stream(values()).anyMatch(act -> act.word().equals(word));
  }

  static Act of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }

  String function() {
    return function;
  }

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
