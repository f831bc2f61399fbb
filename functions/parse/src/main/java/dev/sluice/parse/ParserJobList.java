package dev.sluice.parse;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of the parser's list of jobs.
 *
 * @param next names the part that follows; null if none does
 */
record ParserJobList(List<ParserJob> jobs, @Nullable String next) {
  /**
   * Whether what follows is older still; false where the jobs do not say when they were made, or
   * are not in that order.
   */
  boolean reachesBackTo(Instant time) {
    if (jobs.isEmpty()) {
      return false;
    }
    var newest = jobs.getFirst().createdAt();
    var oldest = jobs.getLast().createdAt();
    return newest != null && oldest != null && !newest.isBefore(oldest) && oldest.isBefore(time);
  }
}
