package dev.sluice.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class StayTest {
  @Test
  void countsNoTurnInTheQueueAsRecovery() {
    // One after the other, 10 s each, all there from the beginning.
    var stays =
        List.of(new Stay("parsed", 0, 10), new Stay("parsed", 1, 20), new Stay("parsed", 2, 30));
    assertThat(Stay.longestBeyondTurn(stays)).isEqualTo(10);
    assertThat(Stay.longest(stays)).isEqualTo(28);
  }

  @Test
  void beginsToCountWhenALaterOneIsThrough() {
    var stays =
        List.of(
            new Stay("parsed", 0, 10),
            new Stay("parsed", 1, 300),
            new Stay("parsed", 5, 8),
            new Stay("parsed", 6, 12));
    assertThat(Stay.longestBeyondTurn(stays)).isEqualTo(292);
  }

  @Test
  void beginsToCountWhenNobodyIsLeftBefore() {
    var stays = List.of(new Stay("parsed", 0, 10), new Stay("parsed", 5, 260));
    assertThat(Stay.longestBeyondTurn(stays)).isEqualTo(250);
  }

  @Test
  void looksAtEachPlaceAlone() {
    var stays = List.of(new Stay("parsed", 0, 30), new Stay("batch", 5, 8));
    assertThat(Stay.longestBeyondTurn(stays)).isEqualTo(30);
    assertThat(Stay.longestBeyondTurn(List.of())).isZero();
  }
}
