package dev.sluice.finalize;

import dev.sluice.document.JobRef;
import io.micronaut.context.ApplicationContext;

/** What the finalize function asks the database before it promotes. */
public final class FinalizeSteps {
  private final PromotionStore store;

  /**
   * @param function finalize's beans
   */
  public FinalizeSteps(ApplicationContext function) {
    store = function.getBean(PromotionStore.class);
  }

  /** Counts what was announced and what is there. */
  public void check(JobRef job) {
    Completeness found = store.count(job);
    if (!found.isWhole()) {
      throw new IllegalStateException(found.describe());
    }
  }
}
