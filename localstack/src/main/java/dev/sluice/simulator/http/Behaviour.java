package dev.sluice.simulator.http;

import java.util.Optional;

/**
 * Asked once for every request before the simulator does its own part: the one place where a test
 * or an operator can make a provider slow, limited, broken or absent.
 */
@FunctionalInterface
public interface Behaviour {

  /** The provider on a good day: every request gets the simulator's own answer. */
  Behaviour GOOD = request -> Optional.empty();

  /**
   * Decides on one request. Blocking here delays the answer. The body may be read; it can be read
   * only once.
   *
   * @return the answer to give in the simulator's place, or empty to let the simulator answer
   */
  Optional<Reply> answerInstead(Request request);
}
