package dev.sluice.cli.bench;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a whole soak came to.
 *
 * @param levels one run each, under weather
 * @param calm the runs without, if there were any
 */
record SoakReport(
    SoakSettings settings, List<RunResult> levels, Optional<Calm> calm, Machine machine) {

  /**
   * Runs without faults, at {@value #LEVEL} concurrent executions.
   *
   * @param large of three times as many documents as each of the small ones
   */
  record Calm(List<RunResult> small, RunResult large) {
    static final int LEVEL = 5;

    double spread() {
      return Statistics.spread(small.stream().map(RunResult::documentsPerMinute).toList());
    }

    /** By how much a document takes longer in the large run; below 0 it is faster. */
    double slowdown() {
      double usual = Statistics.median(small.stream().map(RunResult::secondsPerDocument).toList());
      return usual == 0 ? 0 : large.secondsPerDocument() / usual - 1;
    }

    Stream<RunResult> all() {
      return Stream.concat(small.stream(), Stream.of(large));
    }
  }

  Stream<RunResult> all() {
    return Stream.concat(levels.stream(), calm.stream().flatMap(Calm::all));
  }

  boolean isGood() {
    return all().allMatch(RunResult::isGood);
  }

  double successRate() {
    int documents = levels.stream().mapToInt(RunResult::documents).sum();
    int complete = levels.stream().mapToInt(RunResult::complete).sum();
    return documents == 0 ? 0 : (double) complete / documents;
  }

  double longestRecovery() {
    return Statistics.largest(levels.stream().map(RunResult::beyondTurn).toList());
  }
}
