package dev.sluice.crash;

import java.time.Duration;
import java.util.List;

/**
 * What became of a cell.
 *
 * @param outcome the job's last status
 * @param recovery pipeline time from the fault to that status
 * @param paidTwice whether a paid call was made once more than undisturbed
 * @param violations what must not be, in words; empty if all is well
 */
record CellResult(
    String group,
    String boundary,
    String fault,
    String outcome,
    Duration recovery,
    boolean paidTwice,
    List<String> violations) {
  boolean isGood() {
    return violations.isEmpty();
  }
}
