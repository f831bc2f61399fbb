package dev.sluice.ingest;

import java.util.Locale;

/**
 * What a round came to. The three parts are sums over all threads.
 *
 * @param seconds from the first document to the last one's commit
 * @param segments that were stored
 * @param splitting seconds
 * @param embedding seconds, the provider's among them
 * @param storing seconds
 */
record Round(double seconds, int segments, double splitting, double embedding, double storing) {
  String line() {
    return String.format(
        Locale.ROOT,
        "%.4f\t%d\t%.4f\t%.4f\t%.4f",
        seconds,
        segments,
        splitting,
        embedding,
        storing);
  }
}
