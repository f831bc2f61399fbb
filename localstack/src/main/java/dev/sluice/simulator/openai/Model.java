package dev.sluice.simulator.openai;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * An embedding model that the simulator serves.
 *
 * @param id the name on the wire
 * @param dimensions the length of a vector when the request asks for none
 */
record Model(String id, int dimensions) {

  private static final Model SMALL = new Model("text-embedding-3-small", 1536);
  private static final Model LARGE = new Model("text-embedding-3-large", 3072);

  static List<Model> all() {
    return Arrays.asList(SMALL, LARGE);
  }

  static Optional<Model> named(String id) {
    return all().stream().filter(model -> model.id().equals(id)).findFirst();
  }
}
