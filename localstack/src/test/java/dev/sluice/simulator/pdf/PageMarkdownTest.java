package dev.sluice.simulator.pdf;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PageMarkdownTest {
  private static final String FULL = "a line of body text that reaches as far as any other line";

  @Test
  void joinsTheLinesOfAParagraphAndTakesHyphensOut() {
    assertThat(
            new DrawnPage()
                .lines(50, 200, FULL, "and is broken be-", "tween two lines, by Anglo-", "Saxons.")
                .markdown())
        .isEqualTo(FULL + " and is broken between two lines, by Anglo-Saxons.");
  }

  @Test
  void partsParagraphsThatAreSetApartOrIndented() {
    assertThat(
            new DrawnPage()
                .lines(50, 200, FULL, "first ends here and is quite long too, yes it is.")
                .lines(70, 224, "Second is indented and so a paragraph of its own, surely")
                .lines(50, 236, "and goes on.")
                .lines(50, 280, "Third is set apart.")
                .markdown())
        .isEqualTo(
            FULL
                + " first ends here and is quite long too, yes it is.\n\n"
                + "Second is indented and so a paragraph of its own, surely and goes on.\n\n"
                + "Third is set apart.");
  }

  @Test
  void ranksHeadingsBySizeAndThenByWeight() {
    assertThat(
            new DrawnPage()
                .text(50, 150, 20, false, "Title of two")
                .text(50, 174, 20, false, "lines")
                .text(50, 220, 14, false, "Section")
                .bold(50, 250, "Term")
                .lines(50, 262, FULL, "ends.")
                .markdown())
        .isEqualTo("# Title of two lines\n\n## Section\n\n### Term\n\n" + FULL + " ends.");
  }

  @Test
  void doesNotTakeABoldParagraphForAHeading() {
    assertThat(
            new DrawnPage()
                .bold(50, 150, "Bold words that go on")
                .bold(50, 162, "over more than one line")
                .lines(50, 200, FULL, FULL, FULL, "ends.")
                .markdown())
        .startsWith("Bold words that go on over more than one line\n\n");
  }

  @Test
  void nestsListsByTheirIndentAndKeepsTheirNumbers() {
    assertThat(
            new DrawnPage()
                .lines(50, 200, "Before:")
                .lines(50, 212, "1. one goes over", "   two lines")
                .lines(70, 236, "\u2022 inner")
                .lines(70, 248, "\uf0b7 inner too")
                .lines(50, 260, "2) two")
                .lines(50, 272, "(a) lettered")
                .lines(50, 300, "After.")
                .markdown())
        .isEqualTo(
            """
            Before:

            1. one goes over two lines
               - inner
               - inner too
            2. two
            - (a) lettered

            After.""");
  }

  @Test
  void readsATableWithWrappedAndMissingCells() {
    assertThat(
            new DrawnPage()
                .text(50, 200, "Item")
                .text(200, 200, "Cost")
                .text(300, 200, "Paid")
                .text(50, 220, "Pipe")
                .text(200, 220, "280")
                .text(50, 240, "Floor")
                .text(200, 240, "4,340")
                .text(300, 240, "4|340")
                .text(200, 252, "and tax")
                .text(50, 272, "Sum")
                .text(200, 272, "1")
                .text(300, 272, "2")
                .lines(50, 310, FULL + " and longer still")
                .markdown())
        .isEqualTo(
            """
            | Item | Cost | Paid |
            | --- | --- | --- |
            | Pipe | 280 |  |
            | Floor | 4,340 and tax | 4\\|340 |
            | Sum | 1 | 2 |

            """
                + FULL
                + " and longer still");
  }

  @Test
  void escapesTextThatLooksLikeMarkdownOrLikeOurPageMark() {
    assertThat(
            new DrawnPage()
                .lines(50, 200, "# no heading <!-- page 9 -->")
                .lines(50, 240, "> no quote")
                .markdown())
        .isEqualTo("\\# no heading &lt;!-- page 9 -->\n\n\\> no quote");
  }

  @Test
  void readsColumnsBelowAWideFigure() {
    DrawnPage page = new DrawnPage();
    for (int i = 0; i < 20; i++) {
      page.text(50, 100 + 12 * i, "figure label " + i)
          .text(180, 100 + 12 * i, "a long legend " + i);
    }
    for (int i = 0; i < 12; i++) {
      page.text(50, 400 + 12 * i, "left column line of text with no. " + (10 + i));
      page.text(250, 400 + 12 * i, "right column line of text with no. " + (10 + i));
    }

    String markdown = page.markdown();
    assertThat(markdown.indexOf("left column line of text with no. 21"))
        .isPositive()
        .isLessThan(markdown.indexOf("right column line of text with no. 10"));
  }

  @Test
  void continuesASentenceFromOneColumnInTheNext() {
    DrawnPage page = new DrawnPage();
    for (int i = 0; i < 8; i++) {
      page.text(50, 200 + 12 * i, "left column line that fills it " + i);
      page.text(250, 200 + 12 * i, (i == 0 ? "r" : "R") + "ight column line that fills it " + i);
    }

    assertThat(page.markdown()).contains("that fills it 7 right column line that fills it 0");
  }

  @Test
  void dropsWhatIsPrintedOnEveryPageButNotLargeHeadings() {
    List<PageLayout> pages = new ArrayList<>();
    for (int number = 1; number <= 4; number++) {
      pages.add(
          new DrawnPage(number)
              .text(50, 40, "The journal, volume " + number)
              .text(50, 70, 16, false, "Chapter " + number)
              .lines(50, 200, FULL, FULL)
              .text(300, 810, "- " + number + " -")
              .layout());
    }
    Typography typography = Typography.of(pages);

    assertThat(RunningText.drop(pages, typography))
        .extracting(page -> PageMarkdown.of(page, typography))
        .containsExactly(
            "# Chapter 1\n\n" + FULL + " " + FULL,
            "# Chapter 2\n\n" + FULL + " " + FULL,
            "# Chapter 3\n\n" + FULL + " " + FULL,
            "# Chapter 4\n\n" + FULL + " " + FULL);
  }

  @Test
  void turnsRightToLeftWordsInsideALineThatRunsFromLeftToRight() {
    String shalom = "\u05e9\u05dc\u05d5\u05dd";
    String drawn = new StringBuilder(shalom).reverse().toString();

    assertThat(new DrawnPage().text(50, 200, "The word (" + drawn + ") is a greeting").markdown())
        .isEqualTo("The word (" + shalom + ") is a greeting");
  }

  @Test
  void writesLigaturesAndPresentationFormsAsLetters() {
    assertThat(new DrawnPage().text(50, 200, "\ufb01re and o\ufb03ce\u0007").markdown())
        .isEqualTo("fire and office");
  }
}
