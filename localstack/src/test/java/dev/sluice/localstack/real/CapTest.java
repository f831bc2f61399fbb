package dev.sluice.localstack.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.localstack.LocalCloudException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CapTest {
  @Test
  void keepsTheDefaultOfWhatIsNotNamed() {
    assertThat(Cap.parse("tokens=200")).isEqualTo(new Cap(5, 200, 1_000_000_000));
    assertThat(Cap.parse("usd=0.25, parses=0")).isEqualTo(new Cap(0, 10_000, 250_000_000));
    assertThat(Cap.parse(Cap.DEFAULT.text())).isEqualTo(Cap.DEFAULT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "none",
        "usd",
        "usd=",
        "usd=-1",
        "usd=many",
        "usd=1,usd=2",
        "parses=1.5",
        "euro=1",
        "usd=0.0000000001",
        "tokens=99999999999999999999",
        "usd=1,"
      })
  void hasNoOtherShapeAndNoWayToBeSwitchedOff(String text) {
    assertThatThrownBy(() -> Cap.parse(text))
        .isInstanceOf(LocalCloudException.class)
        .hasMessageStartingWith("A cap is written parses=5,tokens=10000,usd=1")
        .hasMessageEndingWith("not '" + text + "'.");
  }

  @Test
  void isReachedByAnyOfItsThree() {
    Cap cap = new Cap(2, 10, 100);
    assertThat(cap.allows(new Spending(2, 10, 100))).isTrue();
    assertThat(cap.allows(new Spending(3, 0, 0))).isFalse();
    assertThat(cap.allows(new Spending(0, 11, 0))).isFalse();
    assertThat(cap.allows(new Spending(0, 0, 101))).isFalse();
  }
}
