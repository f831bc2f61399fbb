package dev.sluice.parse;

import java.time.Duration;
import java.util.function.Supplier;

/**
 * What is left of the invocation for calls to a parser. A call is begun only if it ends, and what
 * it brought is stored, before the function is stopped: a submission that is cut off is perhaps
 * paid, and any other call is wasted.
 */
final class ParserTime {
  /** The client's request timeout: from the connection to the answer's last byte. */
  static final Duration LONGEST_CALL = Duration.ofSeconds(15);

  /** To store what a call brought. */
  private static final Duration AFTERWARDS = Duration.ofSeconds(5);

  /** The next invocation has its whole time. */
  private static final Duration SOON = Duration.ofSeconds(1);

  private static final ScopedValue<Supplier<Duration>> LEFT = ScopedValue.newInstance();

  private ParserTime() {}

  /** Works with so much time; without this there is no end. */
  static <T> T within(Supplier<Duration> left, Supplier<T> work) {
    return ScopedValue.where(LEFT, left).call(work::get);
  }

  static boolean isLeftFor(Duration call) {
    return !LEFT.isBound() || available().compareTo(call) >= 0;
  }

  /**
   * Lets a call begin.
   *
   * @throws ParserFault.NotNow if it might be cut off
   */
  static void requireFor(Duration call) {
    if (!isLeftFor(call)) {
      throw new ParserFault.NotNow("no_time_left", SOON);
    }
  }

  /**
   * Lets a call begin that may take all the time there is.
   *
   * @return {@code longest}, or what is left if that is less
   * @throws ParserFault.NotNow if not even an ordinary call would fit
   */
  static Duration upTo(Duration longest) {
    requireFor(LONGEST_CALL.compareTo(longest) < 0 ? LONGEST_CALL : longest);
    return isLeftFor(longest) ? longest : available();
  }

  private static Duration available() {
    return LEFT.get().get().minus(AFTERWARDS);
  }
}
