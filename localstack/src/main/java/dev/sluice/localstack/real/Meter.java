package dev.sluice.localstack.real;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Counts what is spent on all real providers together. Every change is on the disk when its method
 * returns, so that a call is never made that a killed cloud would forget.
 */
public final class Meter {
  private final Path state;
  private SpendingRecord record;

  private Meter(Path state, SpendingRecord record) {
    this.state = state;
    this.record = record;
  }

  /**
   * Goes on counting where the state folder's record ends.
   *
   * @throws dev.sluice.localstack.LocalCloudException if that cannot be read
   */
  public static Meter open(Path state, Cap cap) throws IOException {
    Files.createDirectories(state);
    Meter meter =
        new Meter(
            state,
            SpendingRecord.of(state)
                .map(known -> known.under(cap))
                .orElse(SpendingRecord.none(cap)));
    meter.record.write(state);
    return meter;
  }

  public synchronized SpendingRecord record() {
    return record;
  }

  /** Counts what a call may cost, or says no and counts the refusal. */
  synchronized boolean take(Spending price) throws IOException {
    boolean allowed = record.cap().allows(record.spent().plus(price));
    write(allowed ? record.plus(price) : record.refusing());
    return allowed;
  }

  /** A call cost something else than what was counted. */
  synchronized void correct(Spending counted, Spending charged) throws IOException {
    if (!counted.equals(charged)) {
      write(record.minus(counted).plus(charged));
    }
  }

  /** A parse was counted with so much, and its bill is still to come. */
  synchronized void awaitBill(String parse, long nanoUsd) throws IOException {
    write(record.awaiting(parse, nanoUsd));
  }

  /** The provider says what a parse cost; only the first time matters. */
  synchronized void bill(String parse, long nanoUsd) throws IOException {
    if (record.unbilled().containsKey(parse)) {
      write(record.billed(parse, nanoUsd));
    }
  }

  private void write(SpendingRecord newRecord) throws IOException {
    newRecord.write(state);
    record = newRecord;
  }
}
