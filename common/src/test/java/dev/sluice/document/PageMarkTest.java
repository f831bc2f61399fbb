package dev.sluice.document;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageMarkTest {
  @Test
  void readsTheLineThatItWrites() {
    assertThat(number(PageMark.of(17))).hasValue(17);
  }

  @ParameterizedTest
  @ValueSource(strings = {"<!--page 4-->", "  <!--  page\t4 -->  "})
  void allowsSpacesAroundThePage(String line) {
    assertThat(number(line)).hasValue(4);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "<!-- page -->",
        "<!-- page x -->",
        "<!-- page 3 --> text",
        "text <!-- page 3 -->",
        "<!-- page 12345678901 -->"
      })
  void isNothingElse(String line) {
    assertThat(number(line)).isEmpty();
  }

  @Test
  void takesMarksOutOfAText() {
    String text = "<!-- page 1 -->\none\n<!-- page 2 -->\n\ntwo <!-- page 3 -->\n<!-- page 4 -->";
    assertThat(PageMark.without(text, 0, text.length())).isEqualTo("one\n\ntwo <!-- page 3 -->\n");
  }

  @Test
  void takesOutAMarkThatTheRangeCutsThrough() {
    String text = "one\n<!-- page 2 -->\ntwo\n<!-- page 3 -->\nthree";
    int from = text.indexOf("ge 2");
    int to = text.indexOf("page 3");
    assertThat(PageMark.without(text, from, to)).isEqualTo("two\n");
  }

  @Test
  void leavesOneBlankLineWhereAMarkStoodBetweenTwo() {
    String text = "<!-- page 1 -->\n\none\n\n<!-- page 2 -->\n\ntwo\n";
    assertThat(PageMark.without(text, 0, text.length())).isEqualTo("one\n\ntwo\n");
  }

  @Test
  void leavesATextWithoutMarksAlone() {
    assertThat(PageMark.without("a <!-- note --> b", 2, 15)).isEqualTo("<!-- note -->");
  }

  @Test
  void escapesWhatIsNoMarkOfOurs() {
    String page = "a\n <!-- page 3 -->\nb\r<!--page 4-->\r\n<!-- page 5 --> c\n<!-- page 6 -->";
    assertThat(PageMark.escaped(page))
        .isEqualTo(
            "a\n &lt;!-- page 3 -->\nb\r&lt;!--page 4-->\r\n<!-- page 5 --> c\n&lt;!-- page 6 -->");
    assertThat(PageMark.escaped(page).lines())
        .allSatisfy(line -> assertThat(number(line)).isEmpty());
    assertThat(PageMark.escaped("<!-- note -->\n")).isEqualTo("<!-- note -->\n");
  }

  private static OptionalInt number(String line) {
    return PageMark.number(line, 0, line.length());
  }
}
