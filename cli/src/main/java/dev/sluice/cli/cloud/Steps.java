package dev.sluice.cli.cloud;

/** Hears what is being started, in a few words each. */
@FunctionalInterface
public interface Steps {
  void step(String what);
}
