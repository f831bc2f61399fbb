package dev.sluice.cli.terminal;

import java.util.Locale;

/** Numbers with their nouns. */
public final class Count {
  private Count() {}

  public static String of(long count, String noun) {
    return number(count) + " " + noun + (count == 1 ? "" : "s");
  }

  public static String number(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }
}
