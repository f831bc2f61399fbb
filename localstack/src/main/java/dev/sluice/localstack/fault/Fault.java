package dev.sluice.localstack.fault;

/** What happens at a boundary. */
public enum Fault {
  /** Nothing. */
  PASS,

  /** The function's process gets SIGKILL. */
  KILL,

  /** Both sockets are reset, so the step throws; after a commit nobody knows whether it holds. */
  BREAK,

  /**
   * Nothing moves on this connection until {@link Faults#release} or the process's end; then both
   * sockets are reset, so that nothing arrives that nobody waits for any longer.
   */
  HANG,

  /** Nothing moves on this connection until {@link Faults#release}; then it goes on. */
  HOLD
}
