package dev.sluice.simulator.pdf;

import java.util.List;

/**
 * A line of text inside one column.
 *
 * @param text in reading order
 * @param cells the parts between wide gaps, from left to right, at least one
 * @param start left edge
 * @param end right edge
 * @param y baseline
 * @param size font size of most of its letters
 * @param bold whether most of its letters are bold
 */
record Line(
    String text, List<Cell> cells, float start, float end, float y, float size, boolean bold) {

  /** A part of a line with a wide gap on either side. */
  record Cell(String text, float start, float end) {}

  int letters() {
    return (int) text.chars().filter(Character::isLetter).count();
  }

  boolean isRightToLeft() {
    return LineText.isMostlyRightToLeft(List.of(text));
  }

  /** Ends as a sentence, a heading of a list or a clause ends. */
  boolean endsSentence() {
    return !text.isEmpty() && ".:;?!。؟".indexOf(text.charAt(text.length() - 1)) >= 0;
  }
}
