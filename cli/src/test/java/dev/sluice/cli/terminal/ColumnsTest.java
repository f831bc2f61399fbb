package dev.sluice.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ColumnsTest {
  @Test
  void countsCellsAndNotCharacters() {
    assertThat(Columns.width("abc")).isEqualTo(3);
    assertThat(Columns.width("保険")).isEqualTo(4);
    assertThat(Columns.width("e\u0301")).isEqualTo(1);
    assertThat(Columns.width("🙂")).isEqualTo(2);
    assertThat(Columns.width("한국")).isEqualTo(4);
    assertThat(Columns.width("שלום")).isEqualTo(4);
  }

  @Test
  void cutsToTheWidthAndSaysSo() {
    assertThat(Columns.fit("abcdef", 4)).isEqualTo("abc…");
    assertThat(Columns.fit("abcd", 4)).isEqualTo("abcd");
    assertThat(Columns.fit("保険証券", 4)).isEqualTo("保…");
    assertThat(Columns.padRight("ab", 4)).isEqualTo("ab  ");
    assertThat(Columns.padLeft("ab", 4)).isEqualTo("  ab");
  }

  @Test
  void wrapsAtSpacesAndStopsAtTheLastLine() {
    assertThat(Columns.wrap("one two three", 8, 3)).containsExactly("one two", "three");
    assertThat(Columns.wrap("one two three four", 8, 1)).containsExactly("one two…");
    assertThat(Columns.wrap("unbreakable", 5, 2)).containsExactly("unbr…");
    assertThat(Columns.wrap("", 5, 2)).containsExactly("");
  }
}
