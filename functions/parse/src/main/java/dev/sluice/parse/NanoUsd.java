package dev.sluice.parse;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** An amount of money in nano-dollars, the unit of the ledger. */
record NanoUsd(long amount) {
  static final NanoUsd NOTHING = new NanoUsd(0);

  /** Rounded up to a whole nano-dollar. */
  static NanoUsd ofUsd(BigDecimal usd) {
    return new NanoUsd(usd.movePointRight(9).setScale(0, RoundingMode.CEILING).longValueExact());
  }
}
