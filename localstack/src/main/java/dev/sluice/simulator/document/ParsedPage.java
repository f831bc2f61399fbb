package dev.sluice.simulator.document;

import org.jspecify.annotations.Nullable;

/**
 * One page of a parsed document.
 *
 * @param number the page's number in the document, from 1
 * @param markdown the page's text, empty for a blank or a failed page
 * @param error why this page alone could not be read, else null
 */
public record ParsedPage(int number, String markdown, @Nullable String error) {

  public static ParsedPage of(int number, String markdown) {
    return new ParsedPage(number, markdown, null);
  }

  public static ParsedPage failed(int number, String error) {
    return new ParsedPage(number, "", error);
  }

  public boolean success() {
    return error == null;
  }
}
