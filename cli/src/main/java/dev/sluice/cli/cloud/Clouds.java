package dev.sluice.cli.cloud;

import java.util.Optional;

/** The clouds within reach of one working folder. */
public interface Clouds {
  /** The cloud that {@code sluice up} started, if it is alive and answers. */
  Optional<RunningCloud> running();

  /** Starts a cloud inside this process; closing it, or the end of the process, stops it. */
  Cloud start(Steps steps);

  /** A development token of this working folder's cloud, whether or not it runs. */
  String token();
}
