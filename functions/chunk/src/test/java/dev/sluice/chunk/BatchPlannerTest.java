package dev.sluice.chunk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BatchPlannerTest {
  @Test
  void plansNothingForNoText() {
    assertThat(BatchPlanner.DEFAULT.plan(List.of())).isEmpty();
  }

  @Test
  void takesEachTextOnceInTheOrderOfItsFirstOccurrence() {
    List<EmbedText> texts =
        List.of(new EmbedText("b", 2), new EmbedText("a", 3), new EmbedText("b", 2));
    assertThat(BatchPlanner.DEFAULT.plan(texts))
        .containsExactly(new PlannedBatch(0, List.of("b", "a"), 5));
  }

  @Test
  void startsABatchWhenTheCountIsReached() {
    List<PlannedBatch> batches = BatchPlanner.DEFAULT.plan(texts(600, 10));
    assertThat(batches).extracting(batch -> batch.embedShas().size()).containsExactly(256, 256, 88);
    assertThat(batches).extracting(PlannedBatch::number).containsExactly(0, 1, 2);
  }

  @Test
  void startsABatchWhenTheTokensWouldExceedTheBudget() {
    List<PlannedBatch> batches = BatchPlanner.DEFAULT.plan(texts(200, 512));
    assertThat(batches).extracting(batch -> batch.embedShas().size()).containsExactly(97, 97, 6);
    assertThat(batches).allSatisfy(batch -> assertThat(batch.tokens()).isLessThanOrEqualTo(50_000));
  }

  @Test
  void fillsABatchToTheLastToken() {
    BatchPlanner planner = new BatchPlanner(256, 10_000);
    assertThat(planner.plan(texts(2, 5_000))).hasSize(1);
    assertThat(planner.plan(texts(2, 5_001))).hasSize(2);
  }

  @Test
  void refusesBudgetsThatTheProviderDoesNotTake() {
    assertThatThrownBy(() -> new BatchPlanner(257, 50_000)).hasMessageContaining("1 to 256");
    assertThatThrownBy(() -> new BatchPlanner(0, 50_000)).hasMessageContaining("1 to 256");
    assertThatThrownBy(() -> new BatchPlanner(1, 300_001)).hasMessageContaining("300,000");
    assertThatThrownBy(() -> new BatchPlanner(1, 8_190)).hasMessageContaining("8,191");
  }

  private static List<EmbedText> texts(int count, int tokens) {
    return IntStream.range(0, count).mapToObj(n -> new EmbedText("sha-" + n, tokens)).toList();
  }
}
