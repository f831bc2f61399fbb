package dev.sluice.localstack.lambda;

/** By which address a function's process reaches its Runtime API. */
@FunctionalInterface
public interface RuntimeRoute {
  /** With nothing between them. */
  RuntimeRoute DIRECT = (function, address) -> address;

  /**
   * Asked once for each process.
   *
   * @param address host and port of the process's own Runtime API
   * @return what the process is given in {@code AWS_LAMBDA_RUNTIME_API}
   */
  String address(String function, String address);
}
