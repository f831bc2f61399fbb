package dev.sluice.sweep;

import dev.sluice.telemetry.LogFields;
import jakarta.inject.Singleton;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One pass over everything that is overdue. What is broken for one task does not keep the others
 * from theirs.
 */
@Singleton
public final class SweepOnce {
  private static final Logger LOG = LoggerFactory.getLogger(SweepOnce.class);

  /** The next pass is a minute away: no task may keep the others waiting for that long. */
  private static final int ROUNDS = 10;

  private final List<SweepTask> tasks;
  private final Gauges gauges;

  SweepOnce(
      EndOverdueJobs endOverdueJobs,
      FailExhausted failExhausted,
      ResendDeliveries resendDeliveries,
      WakeJobs wakeJobs,
      WakeBatches wakeBatches,
      CancelParses cancelParses,
      CloseOpenCalls closeOpenCalls,
      GiveUpTexts giveUpTexts,
      DropGenerations dropGenerations,
      CountBuffers countBuffers,
      PurgeBuffers purgeBuffers,
      DeleteObjects deleteObjects,
      ForgetNonces forgetNonces,
      CheckCompleteness checkCompleteness,
      Gauges gauges) {
    this.tasks =
        List.of(
            endOverdueJobs,
            failExhausted,
            resendDeliveries,
            wakeJobs,
            wakeBatches,
            cancelParses,
            closeOpenCalls,
            giveUpTexts,
            dropGenerations,
            countBuffers,
            purgeBuffers,
            deleteObjects,
            forgetNonces,
            checkCompleteness);
    this.gauges = gauges;
  }

  /**
   * Sweeps, and logs one line with all numbers.
   *
   * @return rows by task, and the gauges
   * @throws IllegalStateException if a task broke, after all the others have run
   */
  public Map<String, Long> sweep() {
    var numbers = new LinkedHashMap<String, Long>();
    RuntimeException broken = null;
    for (var task : tasks) {
      try {
        numbers.put(task.name(), sweepAll(task));
      } catch (RuntimeException e) {
        LOG.error("The sweep's task {} broke; the next pass tries it again", task.name(), e);
        broken = e;
      }
    }
    numbers.putAll(gauges.read());
    log(numbers);
    if (broken != null) {
      throw new IllegalStateException("a task of the sweep broke", broken);
    }
    return numbers;
  }

  private static long sweepAll(SweepTask task) {
    long all = 0;
    for (int round = 0; round < ROUNDS; round++) {
      int some = task.sweepSome();
      all += some;
      if (some < SweepTask.AT_ONCE) {
        break;
      }
    }
    return all;
  }

  private static void log(Map<String, Long> numbers) {
    try {
      LogFields.put("stage", "sweep");
      numbers.forEach((name, number) -> LogFields.put(name, number.toString()));
      LOG.info("Swept");
    } finally {
      LogFields.clear();
    }
  }
}
