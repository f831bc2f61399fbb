package dev.sluice.cli.bench;

import dev.sluice.cli.bench.LockWatch.Locks;
import dev.sluice.cli.bench.MemoryLog.Memory;
import dev.sluice.cli.bench.RunStore.Rows;
import java.util.List;
import java.util.Map;

/**
 * What one run came to.
 *
 * @param documents that should have become complete
 * @param ends of those that did not, by error code or status
 * @param took seconds from the first announcement to the last completion
 * @param seconds from announcement to complete, of each complete document
 * @param beyondTurn the longest recovery, see {@link Stay#longestBeyondTurn}, in seconds
 * @param longestStay in one place, its turn in the queue included, in seconds
 * @param paidTwice paid calls beyond one for each batch and parsed document
 * @param unknownCalls of which nobody knows whether they were paid
 * @param messages left at the end, by queue
 * @param incomplete a line for each document that is not complete
 */
record RunResult(
    String name,
    int documents,
    int complete,
    Map<String, Integer> ends,
    double took,
    List<Double> seconds,
    Map<FaultKind, Integer> faults,
    double beyondTurn,
    double longestStay,
    Rows rows,
    int paidTwice,
    int unknownCalls,
    long deadlocks,
    Locks locks,
    Memory memory,
    Map<String, Integer> messages,
    List<String> incomplete) {

  double documentsPerMinute() {
    return took == 0 ? 0 : complete * 60 / took;
  }

  double chunksPerSecond() {
    return took == 0 ? 0 : rows.chunks() / took;
  }

  double secondsPerDocument() {
    return complete == 0 ? 0 : took / complete;
  }

  int faultsInAll() {
    return faults.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** Everything complete, nothing doubled or missing; each fault may have cost one call. */
  boolean isGood() {
    return complete == documents
        && rows.doubled() == 0
        && rows.missing() == 0
        && paidTwice <= faultsInAll();
  }
}
