package dev.sluice.cli.terminal;

import java.math.BigDecimal;
import java.math.RoundingMode;
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

  /** Of millionths of a dollar. */
  public static String dollars(BigDecimal microUsd) {
    return "$" + microUsd.movePointLeft(6).setScale(6, RoundingMode.HALF_UP).toPlainString();
  }
}
