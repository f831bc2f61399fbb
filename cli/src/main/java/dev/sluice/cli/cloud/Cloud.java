package dev.sluice.cli.cloud;

import java.net.URI;

/** A Sluice that can be called. */
public interface Cloud extends AutoCloseable {
  /** The API's base URL, without a slash at its end. */
  URI url();

  /** A token that is valid now; asked for again at each call. */
  String token();

  /** Stops what was started for this command, and nothing else. */
  @Override
  void close();
}
