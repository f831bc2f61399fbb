package dev.sluice.ingest;

import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/** Adds up what calls take, on whatever thread. */
final class Stopwatch {
  private final LongAdder nanos = new LongAdder();

  <T> T time(Supplier<T> call) {
    long began = System.nanoTime();
    try {
      return call.get();
    } finally {
      nanos.add(System.nanoTime() - began);
    }
  }

  double seconds() {
    return nanos.sum() / 1e9;
  }
}
