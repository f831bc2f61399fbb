package dev.sluice.document;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CodeFenceTest {
  @Test
  void opensWithThreeOrMoreOfOneMark() {
    assertThat(opening("```java")).isEqualTo(new CodeFence('`', 3));
    assertThat(opening("  ~~~~")).isEqualTo(new CodeFence('~', 4));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "   ", "``", "~~", "text ```", "```inline``` code"})
  void doesNotOpenOnAnythingElse(String line) {
    assertThat(opening(line)).isNull();
  }

  @Test
  void closesOnlyWithTheSameMarkAtLeastAsLong() {
    CodeFence open = new CodeFence('`', 4);
    assertThat(after(open, "```")).isEqualTo(open);
    assertThat(after(open, "~~~~")).isEqualTo(open);
    assertThat(after(open, "```` x")).isEqualTo(open);
    assertThat(after(open, "  `````  ")).isNull();
  }

  @Test
  void endsAtAPageMark() {
    assertThat(after(new CodeFence('~', 3), "<!-- page 2 -->")).isNull();
  }

  private static @Nullable CodeFence opening(String line) {
    return after(null, line);
  }

  private static @Nullable CodeFence after(@Nullable CodeFence open, String line) {
    return CodeFence.after(open, line, 0, line.length());
  }
}
