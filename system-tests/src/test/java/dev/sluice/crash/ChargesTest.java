package dev.sluice.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChargesTest {
  private static final Evidence LEDGER =
      new Evidence(
          Map.of(),
          List.of("llamaparse parse settled", "openai embed settled", "openai embed unknown"));

  private static final Evidence ANOTHER =
      new Evidence(Map.of(), List.of("llamaparse parse settled", "openai search settled"));

  @Test
  void whatIsChargedAndBookedIsAsItShouldBe() {
    assertThat(new Charges(2, 1).differences(List.of(LEDGER), 0)).isEmpty();
    assertThat(new Charges(3, 2).differences(List.of(LEDGER, ANOTHER), 0)).isEmpty();
    assertThat(new Charges(9, 4).since(new Charges(7, 3))).isEqualTo(new Charges(2, 1));
  }

  @Test
  void aChargeThatIsNotBookedIsADifference() {
    assertThat(new Charges(3, 1).differences(List.of(LEDGER), 1))
        .containsExactly("OpenAI charged 3 calls, the ledger has 2");
    assertThat(new Charges(1, 2).differences(List.of(LEDGER), 1))
        .as("one too many here does not make up for one too few there")
        .containsExactly("LlamaParse charged 2 calls, the ledger has 1");
  }

  @Test
  void onlySoManyCallsMayBeBookedThatNoProviderHasSeen() {
    assertThat(new Charges(1, 1).differences(List.of(LEDGER), 1)).isEmpty();
    assertThat(new Charges(0, 1).differences(List.of(LEDGER), 1))
        .containsExactly("the providers charged 1 calls, the ledger has 3");
  }
}
