package dev.sluice.cli.terminal;

import java.io.PrintWriter;

/**
 * Where a command writes.
 *
 * @param out what was asked for
 * @param err what went wrong, and progress when {@code out} is read by a program
 * @param columns the terminal's width, 0 when nobody watches
 * @param colour false under NO_COLOR, and when nobody watches
 */
public record Screen(PrintWriter out, PrintWriter err, int columns, boolean colour) {
  private static final int WIDTH_ON_PAPER = 100;

  public boolean isWatched() {
    return columns > 0;
  }

  /** The width to lay text out for, also where no terminal says one. */
  public int width() {
    return isWatched() ? Math.clamp(columns, 40, 140) : WIDTH_ON_PAPER;
  }

  public String green(String text) {
    return sgr("32", text);
  }

  public String red(String text) {
    return sgr("31", text);
  }

  public String bold(String text) {
    return sgr("1", text);
  }

  public String dim(String text) {
    return sgr("2", text);
  }

  private String sgr(String code, String text) {
    return colour ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
  }
}
