package dev.sluice.cli;

import dev.sluice.cli.terminal.Count;
import dev.sluice.localstack.real.Cap;
import dev.sluice.localstack.real.Spending;
import dev.sluice.localstack.real.SpendingRecord;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the real providers have cost since {@code ./sluice reset}, as {@code --json} prints it.
 *
 * @param spent so far
 * @param cap the most that may be
 * @param refused calls that would have passed the cap
 */
record RealSpending(Spending spent, Cap cap, long refused) {

  /** Null where no provider was ever real. */
  static @Nullable RealSpending in(Path state) throws IOException {
    Optional<SpendingRecord> record = SpendingRecord.of(state);
    return record
        .map(known -> new RealSpending(known.spent(), known.cap(), known.refused()))
        .orElse(null);
  }

  /** One line for people. */
  String line() {
    return "Real spending: %s of %s, %s of %s tokens, %s of %s%s"
        .formatted(
            Count.number(spent.parses()),
            Count.of(cap.parses(), "parse"),
            Count.number(spent.tokens()),
            Count.number(cap.tokens()),
            dollars(spent.nanoUsd(), RoundingMode.UP),
            dollars(cap.nanoUsd(), RoundingMode.DOWN),
            refused == 0 ? "" : "; refused by the cap: " + Count.of(refused, "call"));
  }

  /** To a hundredth of a cent. */
  private static String dollars(long nanoUsd, RoundingMode rounding) {
    return "$" + BigDecimal.valueOf(nanoUsd, 9).setScale(4, rounding).toPlainString();
  }
}
