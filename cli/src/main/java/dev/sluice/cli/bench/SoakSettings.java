package dev.sluice.cli.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * What a soak run does.
 *
 * @param documents of each level
 * @param sizes of the documents
 * @param seed of the documents and of the weather
 * @param levels numbers of concurrent executions of each function, each at least 1
 * @param limit for a level's weather, and once more for what is left after it
 * @param faults kinds that the weather may bring
 * @param shortestLull between two faults; the longest is three times that
 * @param calm whether runs without weather are added
 * @param report file whose section on load is written anew
 */
public record SoakSettings(
    int documents,
    Corpus.Sizes sizes,
    long seed,
    List<Integer> levels,
    Duration limit,
    Set<FaultKind> faults,
    Duration shortestLull,
    boolean calm,
    Path report) {

  public SoakSettings {
    levels = List.copyOf(levels);
    faults = Set.copyOf(faults);
  }
}
