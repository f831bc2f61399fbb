package dev.sluice.sweep;

/** One thing that the sweep looks after; two that run at once do no harm. */
interface SweepTask {
  /** Rows looked at in one transaction: few, so that no lock is held for long. */
  int AT_ONCE = 100;

  /** In logs, snake case: what the number counts. */
  String name();

  /** Takes up to {@link #AT_ONCE} rows; returns how many it took. */
  int sweepSome();
}
