package dev.sluice.cli.cloud;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;

/** The cloud that the template of this clone describes. */
public final class LocalClouds implements Clouds {
  private final Path root;

  public LocalClouds(Path root, InstantSource clock) {
    this.root = root;
  }

  @Override
  public Optional<RunningCloud> running() {
    return Optional.empty();
  }

  @Override
  public Cloud start(Steps steps) {
    throw new UnsupportedOperationException(root.toString());
  }

  @Override
  public String token() {
    throw new UnsupportedOperationException();
  }
}
