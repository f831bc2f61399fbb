package dev.sluice.crash;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Says what is wrong after a fault, if anything. */
final class Verdict {
  /** A fault breaks one connection, perhaps before the provider has heard anything. */
  static final int MOST_UNMADE = 1;

  private final CrashCloud cloud;
  private final Evidence undisturbed;
  private final String end;

  /**
   * @param end the job's last status undisturbed
   */
  Verdict(CrashCloud cloud, Evidence undisturbed, String end) {
    this.cloud = cloud;
    this.undisturbed = undisturbed;
    this.end = end;
  }

  /**
   * @param struck when the fault happened; null if its boundary was never reached
   */
  CellResult on(Cell cell, @Nullable Instant struck, Ended ended) {
    var violations = new ArrayList<String>();
    if (struck == null) {
      violations.add("the boundary was not reached");
    }
    if (!ended.status().equals(end)) {
      violations.add("the job is " + ended.status());
    }
    var evidence = ended.evidence();
    violations.addAll(evidence.differences(undisturbed));
    violations.addAll(ended.unbooked());
    var messages = cloud.messages();
    if (!messages.isEmpty()) {
      violations.add("messages are left: " + messages);
    }
    int paidMore = evidence.paidMore(undisturbed);
    if (paidMore < 0 || paidMore > 1) {
      violations.add("paid calls: " + evidence.paid() + " for " + undisturbed.paid());
    }
    var recovery = recovery(struck, ended.at());
    if (recovery.compareTo(CrashMatrix.LONGEST_RECOVERY) >= 0) {
      violations.add("recovered after " + recovery.toSeconds() + " s of pipeline time");
    }
    return new CellResult(
        cell.function(),
        cell.boundary(),
        cell.fault().name().toLowerCase(Locale.ROOT),
        ended.status(),
        recovery,
        paidMore > 0,
        violations);
  }

  /** Nothing for a fault after the job's end, such as in a search. */
  private static Duration recovery(@Nullable Instant struck, Instant finished) {
    return struck == null || struck.isAfter(finished)
        ? Duration.ZERO
        : Duration.between(struck, finished);
  }
}
