package dev.sluice.document;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BlankTextTest {
  @Test
  void seesNothingInSpacesAndInvisibleCharacters() {
    assertThat(BlankText.isBlank("x \t\u00A0\u2003\u200B\u200Fx", 1, 7)).isTrue();
    assertThat(BlankText.isBlank("", 0, 0)).isTrue();
  }

  @Test
  void seesAnyVisibleCharacter() {
    assertThat(BlankText.isBlank(" . ", 0, 3)).isFalse();
    assertThat(BlankText.isBlank(" \uD83D\uDE00", 0, 3)).isFalse();
  }

  @Test
  void stripsNoBreakSpacesToo() {
    assertThat(BlankText.strip("[\u00A0 a b\u2003\n]", 1, 8)).isEqualTo("a b");
  }
}
