package dev.sluice.cli.cloud;

import dev.sluice.localstack.real.RealServices;
import java.util.Optional;

/** The clouds within reach of one working folder. */
public interface Clouds {
  /** The cloud whose process is alive, whether or not it answers. */
  Optional<RunningCloud> recorded();

  /** The same, if it answers. */
  Optional<RunningCloud> running();

  /**
   * Starts a cloud inside this process; closing it, or the end of the process, stops it.
   *
   * @param real which providers are not simulated
   */
  Cloud start(Steps steps, RealServices real) throws InterruptedException;
}
