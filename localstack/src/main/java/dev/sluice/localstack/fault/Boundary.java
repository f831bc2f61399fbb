package dev.sluice.localstack.fault;

/**
 * A place between two steps of a function's work, as its sockets show it.
 *
 * @param step what is called or committed, such as {@code sqs SendMessageBatch} or {@code commit:
 *     claim upload_jobs}
 * @param occurrence which time it is since the faults were planned, from 1
 * @param pid of the function's process
 */
public record Boundary(String function, String step, int occurrence, Side side, long pid) {

  /** Which end of the step. */
  public enum Side {
    /** The request has left the function and has not reached the server. */
    BEFORE,

    /** The server's answer has arrived and has not reached the function. */
    AFTER
  }

  /** The step and, from the second time on, which time it is. */
  public String name() {
    return occurrence == 1 ? step : step + " #" + occurrence;
  }

  Boundary after() {
    return new Boundary(function, step, occurrence, Side.AFTER, pid);
  }
}
