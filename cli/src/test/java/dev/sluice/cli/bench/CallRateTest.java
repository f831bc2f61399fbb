package dev.sluice.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CallRateTest {
  private static final double BEGIN = 1_000_000;

  private static EmbedCall call(double after, long tokens) {
    return new EmbedCall(BEGIN + after, tokens, "ok");
  }

  /** One each two seconds. */
  private static List<EmbedCall> steady(int count) {
    return IntStream.range(0, count).mapToObj(i -> call(2.0 * i, 1_000)).toList();
  }

  @Test
  void countsBetweenTheBeginningsOfCalls() {
    assertThat(CallRate.ofTokens(steady(20)).aMinute()).isCloseTo(30_000, within(1e-6));
    assertThat(CallRate.ofRequests(steady(20)).aMinute()).isCloseTo(30, within(1e-6));
  }

  @Test
  void leavesOutWhatIsLetThroughAtOnceInTheBeginning() {
    var calls = new ArrayList<>(List.of(call(0, 90_000), call(0.1, 90_000)));
    calls.addAll(steady(20));
    calls.sort((a, b) -> Double.compare(a.at(), b.at()));
    assertThat(CallRate.ofTokens(calls).aMinute()).isCloseTo(30_000, within(1e-6));
  }

  @Test
  void countsNoRefusedCall() {
    var calls = new ArrayList<>(steady(20));
    calls.add(new EmbedCall(BEGIN + 39, 0, "rate_limit"));
    assertThat(CallRate.ofRequests(calls).aMinute()).isCloseTo(30, within(1e-6));
    assertThat(calls.getLast().throttled()).isTrue();
  }

  @Test
  void saysWhenTheRateIsReachedAgain() {
    var calls = new ArrayList<EmbedCall>();
    calls.add(call(8, 1_000));
    steady(20).forEach(call -> calls.add(call(call.at() - BEGIN + 30, 1_000)));
    var rate = CallRate.ofTokens(calls);
    assertThat(rate.firstAfter(BEGIN + 5)).hasValue(3);
    assertThat(rate.reaches(27_000, BEGIN + 5)).hasValue(25);
    assertThat(rate.reaches(40_000, BEGIN + 5)).isEmpty();
  }

  @Test
  void isNothingOfTooFewCalls() {
    assertThat(CallRate.ofTokens(List.of()).aMinute()).isZero();
    assertThat(CallRate.ofTokens(steady(3)).aMinute()).isZero();
    assertThat(CallRate.ofTokens(List.of()).firstAfter(BEGIN)).isEmpty();
  }
}
