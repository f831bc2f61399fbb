package dev.sluice.crash;

import java.util.ArrayList;
import java.util.List;

/**
 * Calls for which the simulated providers themselves have charged, by their own count.
 *
 * @param openAi requests that were answered with vectors, whether or not anybody got the answer
 * @param llamaParse documents really parsed; one that was parsed before costs nothing
 */
record Charges(long openAi, long llamaParse) {
  /** Those since the simulators' start. */
  static Charges of(CrashCloud cloud) {
    var servers = cloud.cloud.servers();
    return new Charges(
        servers.openAi().counters().embeddings(), servers.llamaParse().counters().parses());
  }

  Charges since(Charges earlier) {
    return new Charges(openAi - earlier.openAi, llamaParse - earlier.llamaParse);
  }

  /**
   * Where the ledger says otherwise, in words. Every charge must be booked; a call that never
   * reached its provider is booked too if nobody can know that.
   *
   * @param ledgers of all tenants whose calls were made
   * @param mostUnmade how many calls may be booked and not charged
   */
  List<String> differences(List<Evidence> ledgers, int mostUnmade) {
    long embedded = booked(ledgers, "openai");
    long parsed = booked(ledgers, "llamaparse");
    var all = new ArrayList<String>();
    if (openAi > embedded) {
      all.add("OpenAI charged %d calls, the ledger has %d".formatted(openAi, embedded));
    }
    if (llamaParse > parsed) {
      all.add("LlamaParse charged %d calls, the ledger has %d".formatted(llamaParse, parsed));
    }
    if (embedded + parsed - openAi - llamaParse > mostUnmade) {
      all.add(
          "the providers charged %d calls, the ledger has %d"
              .formatted(openAi + llamaParse, embedded + parsed));
    }
    return all;
  }

  private static long booked(List<Evidence> ledgers, String provider) {
    return ledgers.stream()
        .flatMap(ledger -> ledger.paid().stream())
        .filter(call -> call.startsWith(provider + " "))
        .count();
  }
}
