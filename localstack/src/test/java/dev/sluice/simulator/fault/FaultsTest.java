package dev.sluice.simulator.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.simulator.SetTimer;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which requests a plan strikes. */
final class FaultsTest {
  private static final FaultRule NAN = FaultRule.always(Operation.EMBEDDINGS, FaultKind.NAN);

  private static Faults with(FaultPlan plan) {
    Faults faults = new Faults(new SetTimer());
    faults.begin(plan);
    return faults;
  }

  private static List<Integer> struck(FaultPlan plan, int requests) {
    Faults faults = with(plan);
    return IntStream.rangeClosed(1, requests)
        .filter(n -> !faults.next(Operation.EMBEDDINGS).equals(Fault.NONE))
        .boxed()
        .toList();
  }

  private static List<Integer> struck(Selection when, int requests) {
    return struck(FaultPlan.of(1, NAN.with(when)), requests);
  }

  @Test
  void strikesWhatIsSelected() {
    assertThat(struck(Selection.ALWAYS, 4)).containsExactly(1, 2, 3, 4);
    assertThat(struck(new Selection(1, 3, 0, 0, 0), 7)).containsExactly(3, 6);
    assertThat(struck(new Selection(1, 1, 5, 0, 0), 7)).containsExactly(6, 7);
    assertThat(struck(new Selection(1, 1, 0, 2, 0), 7)).containsExactly(1, 2);
    assertThat(struck(new Selection(1, 2, 1, 0, 2), 20)).containsExactly(3, 5);
    assertThat(struck(new Selection(0, 1, 0, 0, 0), 100)).isEmpty();
  }

  @Test
  void strikesTheShareThatItWasTold() {
    assertThat(struck(new Selection(0.2, 1, 0, 0, 0), 10_000)).hasSizeBetween(1_900, 2_100);
    assertThat(struck(new Selection(0.2, 1, 0, 0, 7), 10_000)).hasSize(7);
  }

  @Test
  void doesNothingByItself() {
    Faults faults = new Faults(new SetTimer());

    assertThat(faults.next(Operation.EMBEDDINGS)).isEqualTo(Fault.NONE);
    assertThat(faults.plan()).isEqualTo(FaultPlan.NONE);
    assertThat(faults.log().decisions()).isEmpty();
  }

  @Test
  void letsTheFirstRuleThatStrikesDecide() {
    Faults faults =
        with(
            FaultPlan.of(
                1,
                FaultRule.always(Operation.GET, FaultKind.HTML),
                NAN.with(new Selection(1, 2, 0, 0, 0)),
                FaultRule.always(Operation.EMBEDDINGS, FaultKind.INFINITY)));

    assertThat(faults.next(Operation.EMBEDDINGS).kind()).isEqualTo(FaultKind.INFINITY);
    assertThat(faults.next(Operation.EMBEDDINGS).kind()).isEqualTo(FaultKind.NAN);
    assertThat(faults.next(Operation.LIST)).isEqualTo(Fault.NONE);
    assertThat(faults.log().decisions())
        .containsExactly(
            new Decision("openai", "embeddings", 1, 2, "infinity"),
            new Decision("openai", "embeddings", 2, 1, "nan"));
  }

  @Test
  void isReplayedExactlyFromItsSeed() {
    FaultPlan plan = plan(42);
    Faults first = with(plan);
    Faults second = with(plan);
    ask(first);
    ask(second);
    DecisionLog before = first.log();
    first.begin(plan);
    ask(first);

    assertThat(before.decisions()).hasSize(3_000);
    assertThat(second.log()).isEqualTo(before);
    assertThat(first.log()).isEqualTo(before);
    Faults other = with(plan(43));
    ask(other);
    assertThat(other.log().decisions()).isNotEqualTo(before.decisions());
  }

  @Test
  void drawsTheSameForARequestHoweverManyAskAtOnce() throws Exception {
    Faults one = with(plan(7));
    Faults many = with(plan(7));
    ask(one);
    try (var threads = Executors.newFixedThreadPool(8)) {
      for (int i = 0; i < 1_000; i++) {
        for (Operation operation :
            List.of(Operation.CALLBACK, Operation.EMBEDDINGS, Operation.GET)) {
          threads.execute(() -> many.next(operation));
        }
      }
    }

    assertThat(many.log()).isEqualTo(one.log());
  }

  /** Rules that leave each other what they do not strike, over three operations. */
  private static FaultPlan plan(long seed) {
    Selection some = new Selection(0.3, 1, 0, 0, 0);
    return FaultPlan.of(
        seed,
        NAN.with(some),
        FaultRule.always(Operation.EMBEDDINGS, FaultKind.RESET).with(some),
        FaultRule.always(Operation.GET, FaultKind.HTML).with(some),
        FaultRule.always(Operation.CALLBACK, FaultKind.LOST).with(some));
  }

  private static void ask(Faults faults) {
    for (int i = 0; i < 1_000; i++) {
      var embeddings = faults.next(Operation.EMBEDDINGS);
      var get = faults.next(Operation.GET);
      var callback = faults.next(Operation.CALLBACK);
      assertThat(List.of(embeddings, get, callback)).hasSize(3);
    }
  }
}
