package dev.sluice.cli.bench;

import java.util.List;
import java.util.OptionalDouble;
import java.util.function.ToLongFunction;

/**
 * How fast calls follow each other. Rates are taken between the beginnings of two calls, the second
 * not counted, so that they do not depend on where a window happens to cut.
 *
 * @param calls those that were answered, oldest first
 * @param weight what is counted of a call: its tokens, or 1
 */
record CallRate(List<EmbedCall> calls, ToLongFunction<EmbedCall> weight) {
  /** What a limiter lets through at once at the start is left out. */
  private static final double RUN_UP = 10;

  private static final double WINDOW = 15;

  /** Of tokens among all calls. */
  static CallRate ofTokens(List<EmbedCall> calls) {
    return new CallRate(answered(calls), EmbedCall::tokens);
  }

  /** Of requests among all calls. */
  static CallRate ofRequests(List<EmbedCall> calls) {
    return new CallRate(answered(calls), call -> 1);
  }

  private static List<EmbedCall> answered(List<EmbedCall> calls) {
    return calls.stream().filter(EmbedCall::answered).toList();
  }

  /** A minute, from the end of the run-up to the last call; 0 of too few calls. */
  double aMinute() {
    int from = firstFrom(calls.isEmpty() ? 0 : calls.getFirst().at() + RUN_UP);
    return aMinute(from, calls.size() - 1);
  }

  private double aMinute(int from, int to) {
    if (to <= from) {
      return 0;
    }
    long sum = calls.subList(from, to).stream().mapToLong(weight).sum();
    return sum * 60 / (calls.get(to).at() - calls.get(from).at());
  }

  /**
   * When the rate is so high again, over the following 15 s.
   *
   * @return seconds after the moment; empty if it does not happen
   */
  OptionalDouble reaches(double rate, double moment) {
    for (int from = firstFrom(moment); from < calls.size(); from++) {
      int to = firstFrom(calls.get(from).at() + WINDOW);
      if (to < calls.size() && aMinute(from, to) >= rate) {
        return OptionalDouble.of(calls.get(from).at() - moment);
      }
    }
    return OptionalDouble.empty();
  }

  /** Seconds from the moment to the first answered call after it. */
  OptionalDouble firstAfter(double moment) {
    int first = firstFrom(moment);
    return first < calls.size()
        ? OptionalDouble.of(calls.get(first).at() - moment)
        : OptionalDouble.empty();
  }

  private int firstFrom(double moment) {
    int index = 0;
    while (index < calls.size() && calls.get(index).at() < moment) {
      index++;
    }
    return index;
  }
}
